"""namespaces.py ATTEMPT: users, networks and programs of the target's own making."""

import os

from attempts import *

NEWUSER, NEWNET = 0x10000000, 0x40000000


def in_a_child(attempt):
    sys.stdout.flush()
    if os.fork() == 0:
        attempt()
        sys.stdout.flush()
        os._exit(0)
    os.wait()


def socket_from_before():
    """A socket of the machine's network, connected by a process that has left it."""

    def dial():
        sockets = [tcp(), tcp()]
        quietly(call, "unshare", NEWUSER | NEWNET)
        quietly(sockets[0].connect, (OUTSIDE, 81))
        quietly(sockets[1].connect, ("127.0.0.1", PORT))
        quietly(lambda: socket.socket(socket.AF_UNIX).connect("stream"))

    in_a_child(dial)


def back_by_a_descriptor():
    """Out of the network and back into it, by a descriptor that was kept."""

    def dial():
        before = os.open("/proc/self/ns/net", os.O_RDONLY)
        quietly(call, "unshare", NEWNET)
        quietly(call, "setns", before, NEWNET)
        quietly(tcp().connect, (OUTSIDE, 81))
        quietly(udp().sendto, b"x", (OUTSIDE, 53))

    in_a_child(dial)


def by_a_handle():
    """The network namespace that its datagram sockets are in, by a handle of nsfs (Linux 6.18): there are some thousands."""
    handle = struct.Struct("=Ii16s112x")
    namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
    buffer, mount = ctypes.create_string_buffer(handle.pack(128, 0, b""), handle.size), ctypes.c_int()
    libc.name_to_handle_at(namespace, b"", buffer, ctypes.byref(mount), 0x1000)
    _, kind, body = handle.unpack(buffer.raw)
    own = struct.unpack("=QII", body)[2]
    cookie = struct.unpack("Q", udp().getsockopt(socket.SOL_SOCKET, 71, 8))[0]  # SO_NETNS_COOKIE
    for number in (own, *range(0xEFFFFFF0, 0xF0002000)):
        body = struct.pack("=QII", cookie, NEWNET, number)
        opened = libc.open_by_handle_at(-10003, ctypes.create_string_buffer(handle.pack(16, kind, body)), os.O_RDONLY)
        if opened >= 0:
            print("opened")
            break
    else:
        print(os.strerror(ctypes.get_errno()))


def a_file_systems_source():
    """What a file system of another machine is to be mounted from: the kernel looks the name up when it is told (Ceph, AFS),
    by a program that it starts, before it asks whether that may be mounted."""

    def open_one():
        quietly(call, "unshare", NEWUSER | 0x20000)  # CLONE_NEWNS
        print("opened" if isinstance(quietly(call, "syscall", ctypes.c_long(430), b"tmpfs", 0), int) else "refused")

    in_a_child(open_one)


def as_root_of_its_own():
    def dial():
        uid = os.getuid()
        quietly(call, "unshare", NEWUSER)
        quietly(lambda: open("/proc/self/uid_map", "w").write("0 %d 1" % uid))
        quietly(tcp().connect, (OUTSIDE, 81))
        quietly(udp().sendto, b"x", (OUTSIDE, 53))
        quietly(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).sendto(bytes(64), ("exit0", 0x88B5)))

    in_a_child(dial)


def a_route_of_its_own():
    """RTM_NEWROUTE and RTM_NEWADDR over the netlink socket that is left to the target, then ioctl."""
    import fcntl

    def read():
        return {line for line in os.popen("ip -o addr show dev exit0; ip route show") if "203.0.113." in line}

    before = read()
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    netlink.settimeout(2)
    index = next(int(line.split()[0]) for line in open("/proc/net/igmp") if "exit0" in line)
    # What is there already, by the control, cannot be added.
    hosts = [socket.inet_aton("203.0.113.%d" % (10 * len(before) + rest)) for rest in (1, 2, 3)]
    route = struct.pack("=BBBBBBBBI", 2, 32, 0, 0, 254, 3, 0, 1, 0)
    route += struct.pack("=HH4s", 8, 1, hosts[0]) + struct.pack("=HHI", 8, 4, index)
    address = struct.pack("=BBBBi", 2, 32, 0, 0, index)
    address += struct.pack("=HH4s", 8, 2, hosts[1])
    for number, body in ((24, route), (20, address)):
        quietly(netlink.send, struct.pack("=IHHII", 16 + len(body), number, 0x605, 1, 0) + body)
        answer = quietly(netlink.recv, 4096)
        if isinstance(answer, bytes):
            error = -struct.unpack_from("=i", answer, 16)[0]
            print(os.strerror(error) if error else "changed")
    request = struct.pack("16sHH4s8x", b"exit0", socket.AF_INET, 0, hosts[2])
    client = tcp()
    quietly(fcntl.ioctl, client.fileno(), 0x8916, request)  # SIOCSIFADDR
    print("new addresses and routes: %d" % len(read() - before))


def from_memory(program):
    """A program that lies in no file: memfd_create(2) and execveat(2), and the dynamic loader as a program."""

    def execute():
        memory = os.memfd_create("program")
        os.write(memory, open(program, "rb").read())
        words = (ctypes.c_char_p * 3)(b"program", b"static-connect", None)
        number = {"x86_64": 322, "aarch64": 281}[os.uname().machine]
        libc.syscall(ctypes.c_long(number), memory, b"", words, None, 0x1000)

    in_a_child(execute)


def by_the_loader(*command):
    loader = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}[os.uname().machine]
    in_a_child(lambda: os.execv(loader, [loader, os.path.realpath(sys.executable), *command]))


main(globals())

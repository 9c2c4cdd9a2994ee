"""pivots.py ATTEMPT: Unix sockets of others, and loopback servers of others, by every name that leads to them."""

import os
import tempfile
import threading

from attempts import *
from machine import SERVICES, SHARED


def unix(kind=socket.SOCK_STREAM):
    return socket.socket(socket.AF_UNIX, kind)


def reach(name, kind=socket.SOCK_STREAM):
    quietly(lambda: unix(kind).connect(name))


def services():
    for name in SERVICES:
        reach(name)
    for name in ("packet", "\0packet"):
        reach(name, socket.SOCK_SEQPACKET)


def by_another_name():
    here = os.getcwd()
    os.symlink("stream", "symbolic")
    os.link("stream", "hard")
    os.symlink(here, "directory")
    os.mkdir("below")
    names = ["./stream", "below/../stream", here + "/stream", "symbolic", "hard", "directory/stream"]
    names += ["/proc/self/cwd/stream", "/proc/self/root" + here + "/stream"]
    names += ["/proc/%d/root%s/stream" % (os.getpid(), here)]
    names += ["/dev/fd/%d" % os.open("stream", os.O_PATH), "/proc/self/fd/%d/stream" % os.open(".", os.O_PATH)]
    names += ["/proc/thread-self/cwd/stream", "/proc/1/cwd/stream", "/proc/1/root%s/stream" % here]
    for name in names:
        reach(name)
    os.chdir("below")
    reach("../stream")
    for name in ("symbolic", "hard", "directory", "below"):
        (os.rmdir if name == "below" else os.remove)(os.path.join(here, name))


def mounted_elsewhere():
    """A mount namespace of its own: the socket bound to another place, and another root."""
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as other:
        if os.fork() == 0:
            libc.unshare(0x10000000 | 0x20000)  # CLONE_NEWUSER, CLONE_NEWNS
            open(other + "/bound", "w").close()
            quietly(call, "mount", (here + "/stream").encode(), (other + "/bound").encode(), b"none", 4096, None)
            reach(other + "/bound")
            quietly(call, "mount", here.encode(), other.encode(), b"none", 4096 | 16384, None)
            quietly(os.chroot, other)
            os.chdir("/")
            reach("/stream")
            reach("stream")
            reach("/../../stream")
            sys.stdout.flush()
            os._exit(0)
        os.wait()


def datagrams():
    for name in ("datagram", "\0datagram"):
        quietly(lambda: unix(socket.SOCK_DGRAM).sendto(b"x", name))
        quietly(lambda: unix(socket.SOCK_RAW).sendto(b"x", name))
        quietly(lambda: unix(socket.SOCK_DGRAM).connect(name))


def datagrams_of_a_pair():
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        pair = quietly(socket.socketpair, socket.AF_UNIX, kind)
        if isinstance(pair, tuple):
            quietly(pair[0].sendto, b"x", "datagram")


def a_borrowed_port():
    """Shares the port of a server that allows it, and dials until the kernel picks the other one."""
    mine = tcp()
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    quietly(mine.bind, ("127.0.0.1", SHARED))
    quietly(mine.listen, 4096)
    for _ in range(100):
        quietly(tcp().connect, ("127.0.0.1", SHARED))


def a_port_beside_its_own():
    """Servers of its own on the same port of other addresses."""
    for host in ("127.0.0.2", "198.51.100.2"):
        quietly(socket.create_server, (host, PORT))
    for host in ("127.0.0.1", "0.0.0.0", "localhost"):
        quietly(tcp().connect, (host, PORT))
    quietly(tcp().connect, ("127.0.0.1", 22))


def with_a_passed_socket():
    """A socket that another process of the tree made, passed on and then connected."""
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        sockets = [tcp(), unix()]
        socket.send_fds(theirs, [b"x"], [made.fileno() for made in sockets])
        os._exit(0)
    theirs.close()
    _, (first, second), _, _ = socket.recv_fds(ours, 1, 2)
    os.wait()
    quietly(socket.socket(fileno=first).connect, ("127.0.0.1", PORT))
    quietly(socket.socket(fileno=second).connect, "stream")


def from_another_root_by_a_thread():
    """A thread whose working directory is its own (CLONE_FS) names the socket from there."""
    here = os.getcwd()

    def dial():
        libc.unshare(0x200)
        os.chdir("/")
        os.chdir(here)
        reach("stream")

    thread = threading.Thread(target=dial)
    os.chdir("/")
    thread.start()
    thread.join()


def curl():
    sys.stdout.flush()
    os.system("curl -sS -m 0.2 --unix-socket docker.sock http://localhost/containers/json")


main(globals())

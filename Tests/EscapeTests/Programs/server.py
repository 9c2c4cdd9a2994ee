"""server.py SERVER: serves in the way that is named, says on which ports, and tells whether somebody came.

It looks once stdin has a line.
"""

import os
import sys

from attempts import *


def without_a_bind():
    server = tcp()
    server.listen()
    return [server]


def on_every_address():
    return [socket.create_server(("0.0.0.0", 0)), socket.create_server(("::", 0), family=socket.AF_INET6)]


def on_the_outer_address():
    six = socket.create_server(("2001:db8:51::2", 0), family=socket.AF_INET6)
    return [socket.create_server(("198.51.100.2", 0)), six]


def on_a_link():
    """On a link-local address, and so on its interface."""
    server = tcp(socket.AF_INET6)
    server.bind(("fe80::2", 0, 0, link_local()[3]))
    server.listen()
    return [server]


def freed_from_its_interface():
    """Takes the interface off the socket again, with each of the options that could."""
    servers = on_every_address()
    for server in servers:
        quietly(server.setsockopt, socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"")
        quietly(server.setsockopt, socket.SOL_SOCKET, 62, 0)
    return servers


def taken_apart_and_set_up_again():
    server = socket.create_server(("0.0.0.0", 0))
    quietly(call, "connect", server.fileno(), ctypes.create_string_buffer(16), 16)
    server.listen()
    return [server]


def of_a_thread_with_its_own_descriptors():
    """A server whose listen(2) names a descriptor that only one thread has."""
    import threading

    servers = []

    def serve():
        libc.unshare(0x400)  # CLONE_FILES
        servers.append(socket.create_server(("0.0.0.0", 0)))
        tell(servers)

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
    return []


def sharing_its_port():
    first = tcp()
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    first.bind(("0.0.0.0", 0))
    first.listen()
    second = tcp()
    second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    second.bind(first.getsockname())
    second.listen()
    return [first, second]


def datagrams():
    server = udp()
    server.bind(("0.0.0.0", 0))
    return [server]


def tell(servers):
    for server in servers:
        kind = "udp" if server.type == socket.SOCK_DGRAM else "tcp"
        host, port = server.getsockname()[:2]
        print("serving", "link" if host.startswith("fe80") else kind, port)
    sys.stdout.flush()
    print("ready", flush=True)
    sys.stdin.readline()
    visits = 0
    for server in servers:
        server.setblocking(False)
        try:
            while True:
                if server.type == socket.SOCK_DGRAM:
                    server.recv(100)
                else:
                    server.accept()[0].close()
                visits += 1
        except BlockingIOError:
            pass
    print("visited" if visits else "nobody came")


if servers := globals()[sys.argv[1].replace("-", "_")]():
    tell(servers)

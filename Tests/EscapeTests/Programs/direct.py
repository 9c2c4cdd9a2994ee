"""direct.py ATTEMPT: TCP connections past the proxy."""

import os
import urllib.request

from attempts import *


def raw_connect():
    quietly(tcp().connect, (OUTSIDE, 81))
    quietly(tcp(socket.AF_INET6).connect, (OUTSIDE6, 81))
    quietly(tcp().connect, ("127.0.0.1", PORT))
    quietly(tcp(socket.AF_INET6).connect, ("::1", PORT))


def without_proxy_variables():
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    quietly(lambda: urllib.request.urlopen("http://%s:%d/" % (OUTSIDE, 81), timeout=0.1).read())


def not_blocking():
    client = tcp()
    client.setblocking(False)
    quietly(client.connect, (OUTSIDE, 81))


def bound_to_the_interface():
    client = tcp()
    client.bind(("198.51.100.2", 0))
    quietly(client.connect, (OUTSIDE, 81))


def bound_to_a_link():
    """Bound to a link-local address, and so to its interface: to where hoopx serves, and to a server of its own."""
    server = socket.create_server(("::1", 7779), family=socket.AF_INET6)
    for address in ((OUTSIDE6, 53), (OUTSIDE6, 81), server.getsockname()[:2]):
        client = tcp(socket.AF_INET6)
        client.bind(link_local())
        quietly(client.connect, address)


def bound_to_nowhere():
    """Bound to an address that is not the machine's, which what answers on loopback answers to: hoopx's name service, and
    where nobody listens the kernel."""
    server = socket.create_server(("::1", 7779), family=socket.AF_INET6)
    for number, address in enumerate(((OUTSIDE6, 53), ("::1", PORT), server.getsockname()[:2], ("::1", 1))):
        client = tcp(socket.AF_INET6)
        client.setsockopt(socket.IPPROTO_IPV6, 78, 1)  # IPV6_FREEBIND
        client.bind(("2001:db8::6269:7473", 7780 + number))
        quietly(client.connect, address)


def after_disconnecting():
    """A second connect on a socket that was taken apart with AF_UNSPEC."""
    client = tcp()
    quietly(client.connect, ("127.0.0.1", PORT))
    unspecified = ctypes.create_string_buffer(16)
    quietly(call, "connect", client.fileno(), unspecified, 16)
    quietly(client.connect, (OUTSIDE, 81))


def from_an_accepted_socket():
    """A socket that a server of its own accepted, taken apart and connected elsewhere."""
    server = socket.create_server(("0.0.0.0", 0))
    client = tcp()
    client.connect(("127.0.0.1", server.getsockname()[1]))
    accepted, _ = server.accept()
    accepted.settimeout(0.1)
    quietly(call, "connect", accepted.fileno(), ctypes.create_string_buffer(16), 16)
    quietly(accepted.connect, (OUTSIDE, 81))
    # The server itself, once it listens no more.
    quietly(call, "connect", server.fileno(), ctypes.create_string_buffer(16), 16)
    server.settimeout(0.1)
    quietly(server.connect, (OUTSIDE, 82))


def spelled_otherwise():
    for host in ("3221225991", "0300.0.02.07", "0xc0.0.0.7", "0xC0000207"):
        quietly(tcp().connect, (host, 81))
    for address in (("::ffff:192.0.2.7", 82), ("::ffff:c000:207", 82, 0, 3), ("2001:db8::7", 83, 0xFFFFF, 3)):
        quietly(tcp(socket.AF_INET6).connect, address)
    for host in ("0.0.0.0", "127.1", "2130706433", "017700000001"):
        quietly(tcp().connect, (host, PORT))
    quietly(tcp(socket.AF_INET6).connect, ("::ffff:127.0.0.1", PORT))
    quietly(tcp(socket.AF_INET6).connect, ("::", PORT))


def only_over_ipv6():
    quietly(tcp(socket.AF_INET6).connect, (OUTSIDE6, 443))
    client = tcp(socket.AF_INET6)
    client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    quietly(client.connect, ("2001:db8::8", 443))


def on_the_proxys_port():
    """Other addresses with the port that hoopx serves on 127.0.0.1."""
    url = os.environ.get("ANTHROPIC_BASE_URL", "http://127.0.0.1:%d" % PORT)
    port = int(url.rpartition(":")[2])
    for host in (OUTSIDE, "127.0.0.2", "198.51.100.2", "198.51.100.9"):
        quietly(tcp().connect, (host, port))
    quietly(tcp(socket.AF_INET6).connect, (OUTSIDE6, port))


def metadata():
    """What a cloud's machine learns about itself, credentials included."""
    quietly(tcp().connect, ("169.254.169.254", 80))
    quietly(tcp(socket.AF_INET6).connect, ("::ffff:169.254.169.254", 80))


def address(name):
    """What a name server says, which is hoopx wherever it is asked; without one, what the machine's own table says."""
    client = udp()
    client.settimeout(0.1)
    labels = b"".join(bytes([len(label)]) + label for label in name.encode().split(b"."))
    try:
        client.sendto(b"\1\2\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1", ("192.0.2.53", 53))
        return socket.inet_ntoa(client.recv(512)[-4:])
    except OSError:
        return socket.getaddrinfo(name, None)[0][4][0]


def rebound():
    """Names that may be reached, and whose addresses are the machine's own."""
    import ssl

    context = ssl.create_default_context()
    for name in ("rebound.example.com", "rebound6.example.com"):
        quietly(lambda: context.wrap_socket(
            socket.create_connection((address(name), PORT), 1), server_hostname=name))

    def ask():
        client = socket.create_connection((address("metadata.example.com"), 80), 1)
        client.sendall(b"GET /latest/ HTTP/1.1\r\nHost: metadata.example.com\r\n\r\n")
        print(client.recv(100).splitlines()[0].decode())

    quietly(ask)


def synthetic():
    """Addresses of the range that hoopx gives names, which it has not given to a name in this session."""
    for number in (0, 1, 2, 3, 77):
        quietly(tcp().connect, ("198.18.0.%d" % number, 443))


def listening():
    """Whatever listens on loopback, hoopx's own private listeners among it."""
    # A question to a name server, which hoopx answers, makes it listen.
    quietly(tcp().connect, (OUTSIDE, 53))
    with open("/proc/net/tcp") as table:
        ports = {int(line.split()[1].split(":")[1], 16) for line in table if " 0A " in line}
    print("listening", len(ports))
    for port in ports:
        client = tcp()
        quietly(client.connect, ("127.0.0.1", port))
        quietly(client.send, b"x")


def relay():
    """A proxy of its own, whose connections are its own too."""
    import threading

    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        visitor, _ = server.accept()
        host, port = visitor.recv(1000).split()[1].decode().split(":")
        quietly(tcp().connect, (host, int(port)))
        visitor.close()

    thread = threading.Thread(target=serve)
    thread.start()
    client = socket.create_connection(server.getsockname())
    client.sendall(b"CONNECT %s:81 HTTP/1.1\r\n\r\n" % OUTSIDE.encode())
    client.recv(1)
    thread.join()


def fast_open_send():
    """A connect inside of a send: sendto, sendmsg and sendmmsg with MSG_FASTOPEN, with other flags beside it."""
    flag = 0x20000000
    quietly(tcp().sendto, b"x", flag, (OUTSIDE, 81))
    quietly(tcp().sendmsg, [b"x"], [], flag, (OUTSIDE, 82))
    for port, flags in ((83, flag), (84, flag | 0x4040)):
        message = Message(b"x", sockaddr(OUTSIDE, port))
        client = tcp()
        batch = ctypes.create_string_buffer(message.bytes + bytes(8))
        quietly(call, "sendmmsg", client.fileno(), batch, 1, flags)
    quietly(tcp(socket.AF_INET6).sendto, b"x", flag, (OUTSIDE6, 85))
    # Bits above the 32 that the kernel reads as flags.
    client = tcp()
    target = ctypes.create_string_buffer(sockaddr(OUTSIDE, 86), 16)
    number = {"x86_64": 44, "aarch64": 206}[os.uname().machine]
    arguments = [ctypes.c_long(value) for value in (number, client.fileno())]
    flags = ctypes.c_long(flag | 0xDEAD << 32)
    quietly(call, "syscall", *arguments, b"x", ctypes.c_long(1), flags, target, ctypes.c_long(16))


def fast_open_option():
    """connect does nothing with TCP_FASTOPEN_CONNECT; the first write would send the SYN."""
    client = tcp()
    client.setsockopt(socket.IPPROTO_TCP, 30, 1)
    quietly(client.connect, (OUTSIDE, 81))
    quietly(client.send, b"x")


main(globals())

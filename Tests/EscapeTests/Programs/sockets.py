"""sockets.py ATTEMPT: sockets that are neither TCP nor UDP."""

import time

from attempts import *

PING = b"\x08\x00\xf7\xff\x00\x00\x00\x00"


def packet():
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
        client = quietly(socket.socket, socket.AF_PACKET, kind, 0)
        if isinstance(client, socket.socket):
            quietly(client.sendto, bytes(64), ("exit0", 0x88B5, 0, 0, bytes(6)))


def old_packet():
    """SOCK_PACKET of Linux 2.0."""
    client = quietly(socket.socket, socket.AF_INET, 10, socket.htons(3))
    if isinstance(client, socket.socket):
        address = struct.pack("=H14sH", socket.AF_INET, b"exit0", socket.htons(0x88B5))
        quietly(call, "sendto", client.fileno(), bytes(64), 64, 0, address, len(address))


def raw():
    quietly(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).sendto(PING, (OUTSIDE, 0)))
    quietly(lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58).sendto(b"\x80" + PING[1:], (OUTSIDE6, 0)))
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 17, 0, bytes(4), socket.inet_aton(OUTSIDE))
    packet = header + struct.pack(">HHHH", 9, 53, 8, 0)
    quietly(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 255).sendto(packet, (OUTSIDE, 0)))


def udplite():
    quietly(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 136).sendto(b"x", (OUTSIDE, 53)))
    quietly(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, 136).sendto(b"x", (OUTSIDE6, 53)))


def mptcp():
    def dial(family, address):
        client = socket.socket(family, socket.SOCK_STREAM, 262)
        client.settimeout(0.1)
        client.connect(address)

    quietly(dial, socket.AF_INET, (OUTSIDE, 81))
    quietly(dial, socket.AF_INET6, (OUTSIDE6, 81))
    quietly(dial, socket.AF_INET, ("127.0.0.1", PORT))


def ping():
    """Ping sockets, which net.ipv4.ping_group_range gives to some."""
    quietly(lambda: open("/proc/sys/net/ipv4/ping_group_range", "w").write("0 0"))
    quietly(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1).sendto(PING, (OUTSIDE, 0)))
    quietly(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, 58).sendto(b"\x80" + PING[1:], (OUTSIDE6, 0)))


def groups():
    """Multicast groups that a TCP socket joins, and sources that it names: the kernel tells the neighbours of both."""

    def address(host):
        if ":" in host:
            return struct.pack("=HHI16s104x", socket.AF_INET6, 0, 0, socket.inet_pton(socket.AF_INET6, host))
        return struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton(host))

    index = struct.pack("=I4x", link_local()[3])
    v4, v6 = tcp(), tcp(socket.AF_INET6)
    here = socket.inet_aton("198.51.100.2")
    quietly(v4.setsockopt, 0, 42, index + address("239.98.105.1"))  # MCAST_JOIN_GROUP
    quietly(v4.setsockopt, 0, 46, index + address("239.98.105.2") + address("98.105.116.115"))  # MCAST_JOIN_SOURCE_GROUP
    quietly(v4.setsockopt, 0, 39, socket.inet_aton("239.98.105.3") + here + socket.inet_aton("98.105.116.115"))
    quietly(v4.setsockopt, 0, 35, socket.inet_aton("239.98.105.4") + here)  # IP_ADD_MEMBERSHIP
    quietly(v6.setsockopt, 41, 42, index + address("ff1e::6269:7473:1"))
    quietly(v6.setsockopt, 41, 46, index + address("ff3e::6269:7473:2") + address("2001:db8::6269:7473"))
    quietly(v6.setsockopt, 41, 20, socket.inet_pton(socket.AF_INET6, "ff1e::6269:7473:3") + index[:4])
    # Reports wait up to a second for others that they can be put together with, and come twice (RFC 3376, 8.11); so do those
    # of leaving, which shall not be seen of the next attempt.
    time.sleep(3)
    v4.close()
    v6.close()
    time.sleep(3)


def families():
    """Opens every family, type and protocol that could be one, and says which it got."""
    got = set()
    for domain in range(64):
        for kind in range(1, 11):
            for protocol in (*range(24), 33, 41, 47, 50, 58, 103, 115, 132, 136, 137, 255, 256, 262):
                try:
                    socket.socket(domain, kind, protocol).close()
                    got.add("%d/%d/%d" % (domain, kind, protocol))
                except OSError:
                    pass
    print("opened", *sorted(got))


main(globals())

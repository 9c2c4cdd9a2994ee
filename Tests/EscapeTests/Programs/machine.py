"""machine.py HOOPX CONFIGURATION COMMAND...: a machine in a network namespace, on which all that is reached tells.

It runs the command alone (the control), then the same command under hoopx, and prints what each of them reached:

    control: left TCP 192.0.2.7:443      a packet on the machine's only interface, whose other end is nowhere
    supervised: reached UDP ::1 7777     a server of the machine that is no part of the command
    supervised: heard TCP ::1 7777       and was sent something on the connection

"tried" follows where the command has written that word, which it does when it has made its last step. Words in THROUGH
are put in front of both.
"""

import os
import socket
import struct
import subprocess
import sys
import tempfile

# SHARED is one that others may listen on too (SO_REUSEPORT).
PORT, SHARED = 7777, 7778
SERVICES = ["docker.sock", "bus", "tmux", "agent.1", "S.gpg-agent", "wayland-0", "\0/tmp/.X11-unix/X0", "\0/tmp/dbus-1"]
MARKER = ("203.0.113.1", 9)
PROTOCOLS = {1: "ICMP", 2: "IGMP", 6: "TCP", 17: "UDP", 58: "ICMP6", 132: "SCTP", 136: "UDPLITE"}


def run(words):
    subprocess.run(words.split(), check=True)


def make_machine():
    run("ip link set lo up")
    run("ip link add exit0 type veth peer name nowhere0")
    run("ip link set nowhere0 up")
    run("ip addr add 198.51.100.2/24 broadcast + dev exit0")
    run("ip link set exit0 arp off up")
    run("ip addr add 2001:db8:51::2/64 dev exit0 nodad")
    run("ip addr add 169.254.169.254/32 dev lo")
    run("ip route add default dev exit0")
    run("ip -6 route add default dev exit0")


def name_addresses():
    """Names that lead to the machine itself, as an attacker's name server could have them."""
    with open("hosts", "w") as hosts:
        hosts.write("127.0.0.1 rebound.example.com\n::1 rebound6.example.com\n169.254.169.254 metadata.example.com\n")
    # And no others: hoopx itself shall ask nobody while everything that leaves is counted.
    with open("nsswitch.conf", "w") as switch:
        switch.write("hosts: files\n")
    for name in ("hosts", "nsswitch.conf"):
        run("mount --bind %s /etc/%s" % (name, name))


def serve_unix(kind, address):
    server = socket.socket(socket.AF_UNIX, kind)
    server.bind(address)
    if kind != socket.SOCK_DGRAM:
        server.listen(4096)
    return server


def listen():
    """Servers on loopback and on Unix sockets in the working directory, each under the name that it is told by."""
    servers = {}
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for port in (PORT, SHARED, 22):
            tcp = socket.create_server((host, port), family=family, backlog=4096, reuse_port=port == SHARED)
            servers[tcp] = "TCP %s %d" % (host, port)
        for port in (PORT, 53):
            udp = socket.socket(family, socket.SOCK_DGRAM)
            udp.bind(("127.0.0.53" if (host, port) == ("127.0.0.1", 53) else host, port))
            servers[udp] = "UDP %s %d" % udp.getsockname()[:2]
    metadata = socket.create_server(("169.254.169.254", 80))
    servers[metadata] = "TCP 169.254.169.254 80"
    for name in ("stream", *SERVICES):
        servers[serve_unix(socket.SOCK_STREAM, name)] = "UNIX " + name.replace("\0", "@")
    for kind, name in ((socket.SOCK_DGRAM, "datagram"), (socket.SOCK_SEQPACKET, "packet")):
        for address in (name, "\0" + name):
            servers[serve_unix(kind, address)] = "UNIX " + address.replace("\0", "@")
    for server in servers:
        server.setblocking(False)
    return servers


def has_said_something(visitor):
    try:
        return visitor.recv(1) != b""
    except OSError:
        return False


def visits(servers):
    found = []
    for server, name in servers.items():
        while True:
            try:
                if server.type == socket.SOCK_DGRAM:
                    server.recv(65536)
                else:
                    with server.accept()[0] as visitor:
                        visitor.setblocking(False)
                        if has_said_something(visitor):
                            found.append("heard " + name)
            except BlockingIOError:
                break
            found.append("reached " + name)
    return found


def names_group(report):
    """Whether a multicast listener report (RFC 9777) names a group that is not of the link's own."""
    rest = report[8:]
    for _ in range(struct.unpack("!H", report[6:8])[0]):
        words, sources = struct.unpack("!xBH", rest[:4])
        if rest[4:6] not in (b"\xff\x01", b"\xff\x02"):
            return True
        rest = rest[20 + 16 * sources + 4 * words :]
    return False


def read(packet, protocol):
    """How a packet is told; None for what the kernel itself says to find neighbours and multicast listeners."""
    if protocol == 0x0800:
        number, to, rest = packet[9], socket.inet_ntoa(packet[16:20]), packet[(packet[0] & 15) * 4 :]
    elif protocol == 0x86DD:
        number, to, rest = packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40]), packet[40:]
        if number == 0:  # a hop-by-hop option, which such reports have
            return "left MLD" if rest[8] == 143 and names_group(rest[8:]) else None
        if number == 58 and rest[0] in range(130, 138):
            return None
    else:
        return "left frame %04x" % protocol
    name = PROTOCOLS.get(number, "protocol %d" % number)
    ported = number in (6, 17, 132, 136)
    return "left %s %s%s" % (name, to, ":%d" % struct.unpack("!H", rest[2:4]) if ported else "")


class Watch:
    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("exit0", 3))
        self.seen = []

    def drain(self, timeout=0.0):
        self.socket.settimeout(timeout)
        try:
            while True:
                packet, address = self.socket.recvfrom(65536)
                told = read(packet, address[1]) if address[2] == socket.PACKET_OUTGOING else None
                if told == "left UDP %s:%d" % MARKER:
                    return True
                if told and told not in self.seen:
                    self.seen.append(told)
        except (BlockingIOError, TimeoutError):
            return False

    def take(self):
        """What was seen since the last time. A packet of our own ends it, which comes behind all others."""
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"end", MARKER)
        while not self.drain(timeout=1):
            pass
        seen, self.seen = self.seen, []
        return seen


def attempt(name, command, servers, watch):
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output)
        while process.poll() is None:
            watch.drain(timeout=0.02)
        output.seek(0)
        for line in output.read().splitlines():
            print("%s %s" % (name + ":" if line == "tried" else name + " said:", line))
    for line in sorted(set(watch.take() + visits(servers))):
        print("%s: %s" % (name, line))


def main(hoopx, configuration, *command):
    through = os.environ.pop("THROUGH", "").split()
    make_machine()
    name_addresses()
    servers, watch = listen(), Watch()
    watch.take()
    attempt("control", [*through, *command], servers, watch)
    sys.stdout.flush()
    attempt("supervised", [*through, hoopx, "run", "--config", configuration, "--", *command], servers, watch)


if __name__ == "__main__":
    main(*sys.argv[1:])

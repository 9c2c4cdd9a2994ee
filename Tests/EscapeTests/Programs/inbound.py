"""inbound.py HOOPX CONFIGURATION SERVER: a machine with a neighbour, who dials the servers of a command.

It runs server.py SERVER alone (the control), then under hoopx, and prints which of them the neighbour reached.
"""

import os
import subprocess
import sys

from machine import run

HERE = os.path.dirname(os.path.abspath(__file__))
ADDRESSES = {"tcp": ["198.51.100.2", "2001:db8:51::2"], "udp": ["198.51.100.2"], "link": ["fe80::2%exit1"]}

DIAL = """
import socket, sys
kind, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family, _, _, _, address = socket.getaddrinfo(host, port)[0]
if kind == "udp":
    socket.socket(family, socket.SOCK_DGRAM).sendto(b"dialled", address)
else:
    client = socket.socket(family)
    client.settimeout(5)
    try:
        client.connect(address)
        client.sendall(b"dialled")
    except OSError:
        pass
"""


def make_neighbours():
    """Two network namespaces and a wire; the ends have one hardware address, since they ask nobody for another."""
    neighbour = subprocess.Popen(["unshare", "--net", "sleep", "600"], start_new_session=True)
    there = "nsenter --net=/proc/%d/ns/net " % neighbour.pid
    ours = os.readlink("/proc/self/ns/net")
    while os.readlink("/proc/%d/ns/net" % neighbour.pid) == ours:
        pass
    run("ip link set lo up")
    run("ip link add exit0 address 02:00:00:00:00:01 type veth peer name exit1 address 02:00:00:00:00:01")
    run("ip link set exit1 netns %d" % neighbour.pid)
    for where, end, address in (("", "exit0", "2"), (there, "exit1", "1")):
        run(where + "ip link set %s arp off up" % end)
        run(where + "ip addr add 198.51.100.%s/24 dev %s" % (address, end))
        run(where + "ip addr add 2001:db8:51::%s/64 dev %s nodad" % (address, end))
        run(where + "ip addr add fe80::%s/64 dev %s nodad" % (address, end))
    return neighbour, there.split()


def attempt(name, command, there):
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        words = line.split()
        if words[0] == "serving":
            for host in ADDRESSES[words[1]]:
                subprocess.run([*there, sys.executable, "-c", DIAL, words[1], host, words[2]], check=True)
        elif words[0] == "ready":
            server.stdin.write("dialled\n")
            server.stdin.flush()
        else:
            print("%s: %s" % (name, line.strip()))
    server.wait()


def main(hoopx, configuration, name):
    neighbour, there = make_neighbours()
    command = [sys.executable, os.path.join(HERE, "server.py"), name]
    attempt("control", command, there)
    attempt("supervised", [hoopx, "run", "--config", configuration, "--", *command], there)
    neighbour.kill()


main(*sys.argv[1:])

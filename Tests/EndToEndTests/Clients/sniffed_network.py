"""sniffed_network.py COMMAND...: runs a command in the network namespace that it was started in, and lists what left.

The namespace gets one interface, whose other end is nowhere, with a default route through it: every IP packet that
something wants to send to the outside is seen there.
"""

import socket
import struct
import subprocess
import sys


def run(*words):
    subprocess.run(words, check=True)


run("ip", "link", "set", "lo", "up")
run("ip", "link", "add", "exit0", "type", "veth", "peer", "name", "nowhere0")
run("ip", "link", "set", "nowhere0", "up")
run("ip", "addr", "add", "198.51.100.2/24", "dev", "exit0")
run("ip", "link", "set", "exit0", "arp", "off", "up")
run("ip", "route", "add", "default", "dev", "exit0")

ETH_P_IP = 0x0800
sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
sniffer.bind(("exit0", 0x0003))
sniffer.setblocking(False)

status = subprocess.run(sys.argv[1:]).returncode
while True:
    try:
        packet, address = sniffer.recvfrom(65535)
    except BlockingIOError:
        break
    if address[1] == ETH_P_IP and packet[9] in (6, 17):
        protocol = {6: "TCP", 17: "UDP"}[packet[9]]
        target = "%s:%d" % (socket.inet_ntoa(packet[16:20]), struct.unpack("!H", packet[22:24])[0])
        print("left the machine:", protocol, target)
print("watched")
sys.exit(status)

"""tap.py: makes a network interface of the machine its own, by /dev/net/tun, and sends a packet from behind it.

The interface is one that lasts and belongs to the user, as virtual machines have them; "make" makes it.
"""

import fcntl
import os
import subprocess

from attempts import *

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 2, 0x1000


def make(*command):
    """As the machine's root: the interface, and a machine that forwards; then a command."""
    if "tap9" not in [name for _, name in socket.if_nameindex()]:
        subprocess.run(("ip tuntap add dev tap9 mode tap user %d" % os.getuid()).split(), check=True)
        subprocess.run("ip link set tap9 address 02:00:00:00:00:09 up".split(), check=True)
        subprocess.run("ip addr add 192.0.2.65/26 dev tap9".split(), check=True)
    with open("/proc/sys/net/ipv4/ip_forward", "w") as setting:
        setting.write("1")
    sys.stdout.flush()
    os.execvp(command[0], command)


def attach():
    request = struct.pack("16sH22x", b"tap9", IFF_TAP | IFF_NO_PI)
    # No device answers here: what is told is the call itself.
    print("a file: ", end="")
    quietly(fcntl.ioctl, os.open("/dev/null", os.O_RDWR), TUNSETIFF, request)
    tap = os.open("/dev/net/tun", os.O_RDWR)
    quietly(fcntl.ioctl, tap, TUNSETIFF, request)
    datagram = struct.pack(">HHHH", 9, 53, 9, 0) + b"x"
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 1, 0, 64, 17, 0,
                       socket.inet_aton("192.0.2.66"), socket.inet_aton(OUTSIDE))  # fmt: skip
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    head = head[:10] + struct.pack(">H", 0xFFFF & ~total) + head[12:]
    frame = bytes.fromhex("020000000009" "020000000008" "0800") + head + datagram
    quietly(os.write, tap, frame)


def make_macvtap(*command):
    """As the machine's root: an interface beside the machine's own, with a device of its own, as virtual machines have
    them too; then a command, which is told of it."""
    if "mv9" not in [name for _, name in socket.if_nameindex()]:
        subprocess.run("ip link add link exit0 name mv9 type macvtap mode passthru".split(), check=True)
        subprocess.run("ip link set mv9 up".split(), check=True)
    os.environ["TAP"] = "/dev/tap%d" % socket.if_nametoindex("mv9")
    sys.stdout.flush()
    os.execvp(command[0], command)


def write_frame():
    frame = bytes.fromhex("ffffffffffff" "020000000009" "88b5") + bytes(46)
    quietly(lambda: os.write(os.open(os.environ["TAP"], os.O_RDWR), bytes(10) + frame))


main(globals())

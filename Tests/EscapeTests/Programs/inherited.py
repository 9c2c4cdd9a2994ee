"""inherited.py ATTEMPT: uses every descriptor that it was started with as a socket."""

import os

from attempts import *


def everything():
    print("descriptors", sorted(int(number) for number in os.listdir("/proc/self/fd"))[:-1])
    for number in (0, 7):
        for family in (socket.AF_INET, socket.AF_UNIX):
            quietly(lambda: socket.socket(family, socket.SOCK_DGRAM, fileno=os.dup(number)).sendto(
                b"x", (OUTSIDE, 53) if family == socket.AF_INET else "datagram"))
        quietly(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=os.dup(number)).sendto(
            b"x", 0x20000000, (OUTSIDE, 81)))
        quietly(lambda: print("sent" if socket.socket(fileno=os.dup(number)).send(b"x") else ""))


main(globals())

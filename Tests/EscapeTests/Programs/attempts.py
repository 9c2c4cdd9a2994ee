"""What the programs of the attempts share: each names its attempts as functions, and is told which to make."""

import ctypes
import os
import socket
import struct
import sys

# Addresses that are nowhere (RFC 5737, RFC 3849), and a port of the machine's that others serve (machine.py).
OUTSIDE, OUTSIDE6, PORT = "192.0.2.7", "2001:db8::7", 7777

libc = ctypes.CDLL(None, use_errno=True)


def quietly(call, *arguments):
    """What a call returns, or the error that it ends with, which is told."""
    try:
        return call(*arguments)
    except (OSError, ValueError) as error:
        print(getattr(error, "strerror", None) or error)
        return error


def tcp(family=socket.AF_INET):
    client = socket.socket(family, socket.SOCK_STREAM)
    client.settimeout(0.1)
    return client


def udp(family=socket.AF_INET):
    return socket.socket(family, socket.SOCK_DGRAM)


def sockaddr(host, port):
    if ":" in host:
        packed = socket.inet_pton(socket.AF_INET6, host)
        return struct.pack("=H", socket.AF_INET6) + struct.pack(">HI", port, 0) + packed + bytes(4)
    return struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", port, socket.inet_aton(host))


def link_local(interface="exit0"):
    """An address to bind(2) a socket to, which names an interface with it."""
    with open("/proc/net/if_inet6") as table:
        for words in map(str.split, table):
            if words[0].startswith("fe80") and words[5] == interface:
                host = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[0]))
                return host, 0, 0, int(words[1], 16)


class Message:
    """struct msghdr, for calls that Python has no function for. It keeps alive what it points to."""

    def __init__(self, payload, address=b"", control=b""):
        self.kept = [ctypes.create_string_buffer(part, len(part)) for part in (payload, address, control)]
        payload, address, control = (ctypes.addressof(part) if len(part) else 0 for part in self.kept)
        sizes = [len(part) for part in self.kept]
        self.vector = ctypes.create_string_buffer(struct.pack("PN", payload, sizes[0]), 16)
        self.bytes = struct.pack(
            "PIxxxxPNPNixxxx", address, sizes[1], ctypes.addressof(self.vector), 1, control, sizes[2], 0)


def call(name, *arguments):
    """A call of libc; raises what errno says."""
    result = getattr(libc, name)(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def main(attempts):
    """Makes the attempt that the first argument names, with the others."""
    quietly(attempts[sys.argv[1].replace("-", "_")], *sys.argv[2:])
    print("tried")

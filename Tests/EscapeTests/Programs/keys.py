"""keys.py add|find|read NAME: a key in the user's keyring, which every process of the user can read."""

import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"
ADD_KEY, REQUEST_KEY, KEYCTL = (248, 249, 250) if X86 else (217, 218, 219)
USER_KEYRING, SETPERM, SEARCH, READ, SET_TIMEOUT = -4, 5, 10, 11, 15
# Whoever possesses it has everything, processes of the user may look for it and read it, as hoopx makes its own.
READABLE = 0x3F0B0000


def call(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *arguments)


def keyctl(operation, *arguments):
    return call(KEYCTL, ctypes.c_long(operation), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))


def listed(name):
    """The number of a key that the kernel lists."""
    with open("/proc/keys", "rb") as keys:
        return next((int(line.split()[0], 16) for line in keys if name + b":" in line), 0)


name = sys.argv[2].encode()
if sys.argv[1] == "add":
    key = call(ADD_KEY, b"user", name, b"payload", ctypes.c_long(7), ctypes.c_long(USER_KEYRING))
    print("added" if key > 0 else os.strerror(ctypes.get_errno()))
    keyctl(SETPERM, key, READABLE)
    keyctl(SET_TIMEOUT, key, 60)
    # An upcall: the kernel starts a program of its own, outside, for a key that nobody has.
    call(REQUEST_KEY, b"user", name + b"-upcall", b"payload", ctypes.c_long(0))
    print("request_key:", os.strerror(ctypes.get_errno()))
elif sys.argv[1] == "find":
    print("found" if keyctl(SEARCH, USER_KEYRING, b"user", name, 0) > 0 else "nothing")
else:
    key = keyctl(SEARCH, USER_KEYRING, b"user", name, 0)
    print("search:", "found" if key > 0 else os.strerror(ctypes.get_errno()))
    key = listed(name)
    print("listed:", key > 0)
    buffer = ctypes.create_string_buffer(64)
    length = keyctl(READ, key, buffer, len(buffer))
    print("read:", buffer.raw[:length].decode() if length >= 0 else os.strerror(ctypes.get_errno()))

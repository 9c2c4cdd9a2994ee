"""keys.py add|find NAME: a key in the user's keyring, which every process of the user can read."""

import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"
ADD_KEY, REQUEST_KEY, KEYCTL = (248, 249, 250) if X86 else (217, 218, 219)
USER_KEYRING, SEARCH, SET_TIMEOUT = -4, 10, 15


def call(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *arguments)


name = sys.argv[2].encode()
if sys.argv[1] == "add":
    key = call(ADD_KEY, b"user", name, b"payload", ctypes.c_long(7), ctypes.c_long(USER_KEYRING))
    print("added" if key > 0 else os.strerror(ctypes.get_errno()))
    call(KEYCTL, ctypes.c_long(SET_TIMEOUT), ctypes.c_long(key), ctypes.c_long(60))
    # An upcall: the kernel starts a program of its own, outside, for a key that nobody has.
    call(REQUEST_KEY, b"user", name + b"-upcall", b"payload", ctypes.c_long(0))
    print("request_key:", os.strerror(ctypes.get_errno()))
else:
    key = call(KEYCTL, ctypes.c_long(SEARCH), ctypes.c_long(USER_KEYRING), b"user", name, ctypes.c_long(0))
    print("found" if key > 0 else "nothing")

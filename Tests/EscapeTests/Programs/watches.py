"""watches.py COMMAND...: a user who has used up the watches of epoll(7), for a command and what it starts.

A seccomp filter says so of each descriptor above a hundred. To use them up for true takes a gigabyte, and would take them from
every other test.
"""

import ctypes
import os
import struct
import sys

SECCOMP, EPOLL_CTL = (317, 233) if os.uname().machine == "x86_64" else (277, 21)
LOAD, EQUAL, ABOVE, RETURN = 0x20, 0x15, 0x25, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 28  # SECCOMP_RET_ERRNO, ENOSPC

code = [
    (LOAD, 0, 0, 0),
    (EQUAL, 0, 4, EPOLL_CTL),
    (LOAD, 0, 0, 24),
    (EQUAL, 0, 2, 1),  # EPOLL_CTL_ADD
    (LOAD, 0, 0, 32),
    (ABOVE, 1, 0, 100),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, REFUSE),
]
libc = ctypes.CDLL(None, use_errno=True)
instructions = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(instructions))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.syscall(SECCOMP, 1, 0, program) == 0, os.strerror(ctypes.get_errno())
os.execvp(sys.argv[1], sys.argv[1:])

"""supervise.py COMMAND...: runs a command under a seccomp filter with a user notification listener that traps nothing.

The kernel allows one listener per process tree (seccomp_unotify(2)), so another supervisor inside gets EBUSY.
"""

import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_NEW_LISTENER = 8
SYS_SECCOMP = {"x86_64": 317, "aarch64": 277}[os.uname().machine]

libc = ctypes.CDLL(None, use_errno=True)
# One instruction: return SECCOMP_RET_ALLOW.
instruction = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000))
program = struct.pack("HxxxxxxP", 1, ctypes.addressof(instruction))
assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
listener = libc.syscall(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, program)
assert listener >= 0, os.strerror(ctypes.get_errno())
if os.fork() == 0:
    os.close(listener)
    os.execvp(sys.argv[1], sys.argv[1:])
# The listener lives as long as this process does.
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))

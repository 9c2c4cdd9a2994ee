"""refuse_getfd.py COMMAND...: runs a command under a seccomp filter that refuses pidfd_getfd(2) and new user namespaces.

That is what Docker's default profile does to a container without CAP_SYS_PTRACE and CAP_SYS_ADMIN.
"""

import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1
SYS = {"x86_64": (317, 438, 272), "aarch64": (277, 438, 97)}[os.uname().machine]
SYS_SECCOMP, SYS_PIDFD_GETFD, SYS_UNSHARE = SYS
CLONE_NEWUSER = 0x10000000
LOAD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ERRNO, EPERM

code = [
    (LOAD, 0, 0, 0),  # the number
    (JUMP_EQUAL, 4, 0, SYS_PIDFD_GETFD),
    (JUMP_EQUAL, 0, 2, SYS_UNSHARE),
    (LOAD, 0, 0, 16),  # the first argument
    (JUMP_SET, 1, 0, CLONE_NEWUSER),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, REFUSE),
]
libc = ctypes.CDLL(None, use_errno=True)
instructions = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(instructions))
assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
assert libc.syscall(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, 0, program) == 0, os.strerror(ctypes.get_errno())
os.execvp(sys.argv[1], sys.argv[1:])

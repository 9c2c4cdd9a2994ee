"""signals.py WAY PID: ends or stops a process in the way that is named, and says whether the kernel let it."""

import ctypes
import fcntl
import os
import resource
import signal
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"
KILL, SIGQUEUE, TGQUEUE, TKILL, TGKILL = (62, 129, 297, 200, 234) if X86 else (129, 138, 240, 130, 131)


def call(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def information():
    return ctypes.create_string_buffer(struct.pack("iii", signal.SIGKILL, 0, -1), 128)


def by_owner(pid):
    """The owner of a pipe is sent a signal of the setter's choice when the pipe becomes readable."""
    reading, writing = os.pipe()
    fcntl.fcntl(reading, 10, signal.SIGKILL)  # F_SETSIG
    fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writing, b"x")


def by_owner_ex(pid):
    reading, writing = os.pipe()
    fcntl.fcntl(reading, 10, signal.SIGKILL)
    fcntl.fcntl(reading, 15, struct.pack("ii", 1, pid))  # F_SETOWN_EX, F_OWNER_PID
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writing, b"x")


def by_limit(pid):
    """RLIMIT_NOFILE of 0: the process can open nothing any more."""
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0))


WAYS = {
    "kill": lambda pid: os.kill(pid, signal.SIGKILL),
    "stop": lambda pid: os.kill(pid, signal.SIGSTOP),
    "tkill": lambda pid: call(TKILL, pid, signal.SIGKILL),
    "tgkill": lambda pid: call(TGKILL, pid, pid, signal.SIGKILL),
    "sigqueue": lambda pid: call(SIGQUEUE, pid, signal.SIGKILL, information()),
    "tgsigqueue": lambda pid: call(TGQUEUE, pid, pid, signal.SIGKILL, information()),
    "pidfd": lambda pid: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL),
    "group": lambda pid: os.killpg(os.getpgid(pid), signal.SIGKILL),
    "upper-bits": lambda pid: call(KILL, ctypes.c_long(0xDEAD << 32 | pid), signal.SIGKILL),
    "owner": by_owner,
    "owner-ex": by_owner_ex,
    "limit": by_limit,
}



def hoopxs():
    """hoopx, its guardian and its helper."""
    supervisor, name = os.getpid(), ""
    while name != "hoopx":
        with open("/proc/%d/status" % supervisor) as file:
            supervisor = int(next(line for line in file if line.startswith("PPid:")).split()[1])
        with open("/proc/%d/comm" % supervisor) as file:
            name = file.read().strip()
    found = [supervisor]
    for thread in os.listdir("/proc/%d/task" % supervisor):
        with open("/proc/%d/task/%s/children" % (supervisor, thread)) as file:
            found += map(int, file.read().split())
    return found


def every_way(outsider):
    for pid in [*hoopxs(), outsider]:
        for name, way in WAYS.items():
            if name == "group" and os.getpgid(pid) == os.getpgrp():
                continue  # the caller's own
            try:
                way(pid)
                # An owner is set without a word where the signal is then not sent.
                if not name.startswith("owner"):
                    print("let", name, pid)
            except OSError:
                pass
    # The caller's group, which hoopx is in, and everybody: what is its own shall not hear of it.
    for pid in (0, -1):
        try:
            os.kill(pid, signal.SIGTERM)
        except OSError:
            pass
    print("hoopx is", *[os.path.exists("/proc/%d" % pid) for pid in hoopxs()])


if sys.argv[1] == "every-way":
    every_way(int(sys.argv[2]))
else:
    WAYS[sys.argv[1]](int(sys.argv[2]))
print("tried", flush=True)

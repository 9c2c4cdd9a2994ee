"""priorities.py: for each process id on stdin, says in one line in which ways it could keep that process from running."""

import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
IOPRIO_SET, SCHED_SETATTR = (251, 314) if os.uname().machine == "x86_64" else (30, 274)


def call(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *[ctypes.c_long(value) for value in arguments]) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def attribute(pid):
    # struct sched_attr: its size, SCHED_IDLE.
    room = ctypes.create_string_buffer((48).to_bytes(4, sys.byteorder) + (5).to_bytes(4, sys.byteorder), 48)
    call(SCHED_SETATTR, pid, ctypes.addressof(room), 0)


WAYS = {
    "priority": lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 5),
    "group": lambda pid: os.setpriority(os.PRIO_PGRP, os.getpgid(pid), 6),
    "parameter": lambda pid: os.sched_setparam(pid, os.sched_param(0)),
    "scheduler": lambda pid: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
    "attribute": attribute,
    "processor": lambda pid: os.sched_setaffinity(pid, [min(os.sched_getaffinity(pid))]),
    "disk": lambda pid: call(IOPRIO_SET, 1, pid, 3 << 13),
    "disk-group": lambda pid: call(IOPRIO_SET, 2, os.getpgid(pid), 3 << 13),
}

print("ready", flush=True)
for line in sys.stdin:
    found = []
    for name, way in WAYS.items():
        try:
            way(int(line))
            found.append(name)
        except OSError:
            pass
    print("%s: %s" % (line.strip(), " ".join(found)), flush=True)

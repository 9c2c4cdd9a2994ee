"""processes.py: for each process id on stdin, says in one line all that it could do to that process."""

import ctypes
import os
import socket
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
X86 = os.uname().machine == "x86_64"
READV, WRITEV, GETFD, OPEN = (310, 311, 438, 434) if X86 else (270, 271, 438, 434)
KCMP = 312 if X86 else 272


def open_file(name):
    return lambda pid: os.close(os.open("/proc/%d/%s" % (pid, name), os.O_RDONLY))


def read_file(name):
    def read(pid):
        with open("/proc/%d/%s" % (pid, name), "rb") as file:
            if not file.read(1):
                raise OSError
    return read


def write_memory(pid):
    os.close(os.open("/proc/%d/mem" % pid, os.O_RDWR))


def link(name):
    return lambda pid: os.readlink("/proc/%d/%s" % (pid, name))


def descriptors(pid):
    for number in os.listdir("/proc/%d/fd" % pid):
        os.readlink("/proc/%d/fd/%s" % (pid, number))


def trace(request):
    def attach(pid):
        if libc.ptrace(request, pid, None, None) < 0:
            raise OSError
        if request == 16:  # PTRACE_ATTACH stops it; PTRACE_DETACH lets it go.
            os.waitpid(pid, 0x40000000)
            libc.ptrace(17, pid, None, None)
        else:
            libc.ptrace(0x4207, pid, None, None)  # PTRACE_INTERRUPT, so that it can be let go
            os.waitpid(pid, 0x40000000)
            libc.ptrace(17, pid, None, None)
    return attach


def call(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(value) for value in arguments])
    if result < 0:
        raise OSError
    return result


def copy_memory(number):
    def copy(pid):
        # Where the process has its environment; the last field but a few of stat.
        with open("/proc/%d/stat" % pid) as file:
            start = int(file.read().rpartition(")")[2].split()[47])
        room = ctypes.create_string_buffer(16)
        ours = ctypes.create_string_buffer(struct.pack("PN", ctypes.addressof(room), 8), 16)
        theirs = ctypes.create_string_buffer(struct.pack("PN", start, 8 if number == READV else 0), 16)
        call(number, pid, ctypes.addressof(ours), 1, ctypes.addressof(theirs), 1, 0)
        if number == WRITEV and not start:
            raise OSError
    return copy


def take_descriptor(pid):
    os.close(call(GETFD, os.pidfd_open(pid), 0, 0))


def compare(pid):
    call(KCMP, os.getpid(), pid, 0, 0, 0)


def limit(pid):
    import resource
    resource.prlimit(pid, resource.RLIMIT_CORE, resource.prlimit(pid, resource.RLIMIT_CORE))


def enter(name):
    def open_namespace(pid):
        os.close(os.open("/proc/%d/ns/%s" % (pid, name), os.O_RDONLY))
    return open_namespace


def namespace_by_descriptor(pid):
    import fcntl
    os.close(fcntl.ioctl(os.pidfd_open(pid), 0xFF04))  # PIDFD_GET_NET_NAMESPACE


POWERS = {
    "environ": read_file("environ"), "auxv": read_file("auxv"), "maps": read_file("maps"), "mem": write_memory,
    "fd": descriptors, "root": link("root"), "cwd": link("cwd"), "exe": link("exe"),
    "cwd/": open_file("cwd/"), "root/": open_file("root/"),
    "map_files": lambda pid: os.listdir("/proc/%d/map_files" % pid),
    "net": enter("net"), "user": enter("user"), "mnt": enter("mnt"), "net-by-pidfd": namespace_by_descriptor,
    "attach": trace(16), "seize": trace(0x4206), "readv": copy_memory(READV), "writev": copy_memory(WRITEV),
    "getfd": take_descriptor, "kcmp": compare, "prlimit": limit,
}

print("ready", flush=True)
for line in sys.stdin:
    powers = []
    for name, use in POWERS.items():
        try:
            use(int(line))
            powers.append(name)
        except OSError:
            pass
    print("%s: %s" % (line.strip(), " ".join(powers)), flush=True)

"""devices.py ATTEMPT: devices that are wires of their own. FIFOs stand for them here; what comes out of those is told."""

import os
import subprocess

from attempts import *

NAMES = ["infiniband/uverbs0", "hidraw0", "usb/lp0", "cdc-wdm0", "ttyAMA0", "vfio/7", "vhost-vdpa-0"]


def make(*command):
    """A directory of devices of its own with those in it; then a command."""
    kept = ["null", "zero", "full", "random", "urandom", "tty", "net", "pts", "shm"]
    subprocess.run("mount --rbind /dev /mnt".split(), check=True)
    subprocess.run("mount -t tmpfs none /dev".split(), check=True)
    for name in filter(lambda name: os.path.exists("/mnt/" + name), kept):
        (os.mkdir if os.path.isdir("/mnt/" + name) else lambda path: open(path, "w").close())("/dev/" + name)
        subprocess.run(["mount", "--rbind", "/mnt/" + name, "/dev/" + name], check=True)
    for name, target in (("fd", "/proc/self/fd"), ("ptmx", "pts/ptmx")):
        os.symlink(target, "/dev/" + name)
    wires = {}
    for name in NAMES:
        os.makedirs(os.path.dirname("/dev/" + name), exist_ok=True)
        os.mkfifo("/dev/" + name)
        wires[name] = os.open("/dev/" + name, os.O_RDWR | os.O_NONBLOCK)
    sys.stdout.flush()
    subprocess.run(command)
    for name, wire in wires.items():
        if not isinstance(quietly(os.read, wire, 100), OSError):
            print("left by", name)


def write():
    for name in NAMES:
        quietly(lambda: os.write(os.open("/dev/" + name, os.O_WRONLY | os.O_NONBLOCK), b"x"))


main(globals())

"""setuid.py: starts a program whose file gives it root's rights, and tells the user that it runs as."""

import subprocess

pipe = subprocess.PIPE
su = subprocess.Popen(["/usr/bin/su", "-c", "true"], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)
# It asks for a password now, or has given up.
su.stdout.read(1)
with open("/proc/%d/status" % su.pid) as status:
    print("effective user", next(line for line in status if line.startswith("Uid:")).split()[2])
su.kill()

"""daemon.py FIFO PORT: leaves a process behind that dials a port of the machine once somebody writes into the FIFO."""

import os
import signal
import socket
import sys

os.mkfifo(sys.argv[1], 0o600)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        null = os.open("/dev/null", os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        waiting = os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(waiting, True)
        open(sys.argv[1] + ".ready", "w").close()
        # A FIFO without a writer is at its end.
        while not os.read(waiting, 1):
            os.sched_yield()
        socket.create_connection(("127.0.0.1", int(sys.argv[2])))
    os._exit(0)
while not os.path.exists(sys.argv[1] + ".ready"):
    os.sched_yield()

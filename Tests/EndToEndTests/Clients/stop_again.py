"""A shell on a terminal of its own with one job, which somebody stops with Ctrl-Z again and again: each time at another
moment after the shell has continued it.

    stop_again.py ROUNDS JOB [ARGUMENT...]

Says how often the job stopped, and ends with its exit status; with 1 where a Ctrl-Z was lost. The job writes "ready" and
ends when a line is typed.
"""
import fcntl
import os
import select
import signal
import sys
import termios
import time

LATEST = 4.8e-3  # seconds after the job was continued
PATIENCE = 60  # seconds


def shell(job, slave, told, tell):
    """Continues the job for each byte that it reads, and writes what becomes of it."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(slave, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        for descriptor in range(3):
            os.dup2(slave, descriptor)
        os.execv(job[0], job)
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            os._exit(os.waitstatus_to_exitcode(status) & 255)
        os.tcsetpgrp(slave, os.getpgrp())
        os.write(tell, b"s")
        os.read(told, 1)
        os.tcsetpgrp(slave, pid)
        os.killpg(pid, signal.SIGCONT)
        os.write(tell, b"c")


def spread(number):
    """Where in LATEST a round's Ctrl-Z comes: however many rounds there are, they are spread over all of it."""
    return number * 0.6180339887498949 % 1 * LATEST


def main(rounds, job):
    master, slave = os.openpty()
    told, order = os.pipe()
    reports, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        for descriptor in (master, order, reports):
            os.close(descriptor)
        shell(job, slave, told, tell)
    for descriptor in (slave, told, tell):
        os.close(descriptor)
    shown = b""

    def wait(is_over):
        """Reads what is shown and reported until something of it is what is waited for."""
        nonlocal shown
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for descriptor in select.select([master, reports], [], [], 1)[0]:
                try:
                    part = os.read(descriptor, 65536)
                except OSError:  # EIO: nobody has the terminal open any more
                    part = b""
                if descriptor == master:
                    shown += part
                if is_over(descriptor == reports, part):
                    return True
        return False

    def reported(report):
        return wait(lambda is_report, part: is_report and part == report)

    stops = 0

    def stop(later):
        nonlocal stops
        moment = time.perf_counter() + later
        while time.perf_counter() < moment:
            pass
        os.write(master, b"\x1a")
        if not reported(b"s"):
            print("lost a Ctrl-Z", later, "s after the job was continued; shown:", shown, file=sys.stderr)
            os.close(master)
            sys.exit(1)
        stops += 1

    if not wait(lambda *_: b"ready" in shown):
        sys.exit("the job is not ready; shown: " + repr(shown))
    stop(0)
    for number in range(rounds):
        os.write(order, b"c")
        reported(b"c")
        stop(spread(number))
    os.write(order, b"c")
    reported(b"c")
    os.write(master, b"\n")
    if not reported(b""):
        print("the job does not end after its last line; shown:", shown[-200:], file=sys.stderr)
        os.close(master)
        sys.exit(1)
    print("stopped", stops, "times")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main(int(sys.argv[1]), sys.argv[2:])

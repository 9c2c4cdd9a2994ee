"""A Bedrock runtime that believes no signature but botocore's: python bedrock_server.py KEY_ID SECRET TOKEN.

Prints its port. Answers invoke and converse with JSON, and the -stream calls with AWS's event stream.
"""

import base64
import binascii
import json
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from signatures import expected, unsigned

KEY_ID, SECRET, TOKEN = sys.argv[1:4]


def message(kind, payload):
    headers = b""
    for name, value in ((":message-type", "event"), (":event-type", kind), (":content-type", "application/json")):
        headers += bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    body = prelude + struct.pack(">I", binascii.crc32(prelude)) + headers + payload
    return body + struct.pack(">I", binascii.crc32(body))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = self.headers.items()
        given = self.headers["Authorization"] or ""
        problem = None
        if not given.startswith(f"AWS4-HMAC-SHA256 Credential={KEY_ID}/"):
            problem = "UnrecognizedClientException"
        elif self.headers["X-Amz-Security-Token"] != TOKEN or unsigned(headers):
            problem = "UnrecognizedClientException"
        elif given != expected("POST", self.path, headers, body, "bedrock", "us-east-1", SECRET):
            problem = "InvalidSignatureException"
        if problem:
            return self.answer(403, json.dumps({"message": problem}).encode(), [("x-amzn-ErrorType", problem)])
        if not self.path.endswith("-stream"):
            return self.answer(200, json.dumps({"got": body.decode(), "path": self.path}).encode())
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.amazon.eventstream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(3):
            part = json.dumps({"part": number, "got": len(body)}).encode()
            event = message("chunk", json.dumps({"bytes": base64.b64encode(part).decode()}).encode())
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        self.wfile.write(b"0\r\n\r\n")

    def answer(self, status, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()

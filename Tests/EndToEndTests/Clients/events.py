"""Posts a streamed question and prints the type of each event as soon as it has come."""

import http.client
import os
import sys
import zlib

connection = http.client.HTTPSConnection("api.anthropic.com", timeout=120)
connection.request("POST", "/v1/messages", sys.argv[1], {"x-api-key": os.environ["ANTHROPIC_API_KEY"]})
response = connection.getresponse()
print("status", response.status, flush=True)
decoder = zlib.decompressobj(31) if response.getheader("content-encoding") == "gzip" else None
rest = b""
while piece := response.read1(65536):
    *lines, rest = (rest + (decoder.decompress(piece) if decoder else piece)).split(b"\n")
    for line in lines:
        if line.startswith(b"event: "):
            print(line[7:].decode(), flush=True)
print("end", flush=True)

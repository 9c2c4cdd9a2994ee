"""big.py MEGABYTES: uploads and downloads so many MiB and then waits for a line on stdin."""

import http.client
import os
import sys

count = int(sys.argv[1])
piece = b"x" * (1 << 20)
headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"], "content-length": str(count << 20)}
connection = http.client.HTTPSConnection("api.anthropic.com", timeout=120)
connection.request("POST", "/v1/files", (piece for _ in range(count)), headers)
response = connection.getresponse()
print("uploaded", response.status, response.read().decode(), flush=True)

connection.request("GET", "/v1/files/file_size_%d/content" % (count << 20), headers={"x-api-key": headers["x-api-key"]})
response = connection.getresponse()
received = 0
while data := response.read(1 << 20):
    received += len(data)
print("downloaded", response.status, received, flush=True)
sys.stdin.readline()

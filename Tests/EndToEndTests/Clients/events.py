"""Posts a streamed question and prints the type of each event as soon as it has come."""

import http.client
import os
import sys

connection = http.client.HTTPSConnection("api.anthropic.com", timeout=120)
connection.request("POST", "/v1/messages", sys.argv[1], {"x-api-key": os.environ["ANTHROPIC_API_KEY"]})
response = connection.getresponse()
print("status", response.status, flush=True)
for line in response:
    # A gzipped stream of the tests holds stored blocks only: the text, after a few bytes of a block's head.
    if b"event: " in line:
        print(line.partition(b"event: ")[2].decode().strip(), flush=True)
print("end", flush=True)

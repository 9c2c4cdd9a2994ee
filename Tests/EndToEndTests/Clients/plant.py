"""plant.py VALUES.json [ROUNDS]: sends and shows planted values in every way that hoopx sees something of."""

import ctypes
import gzip
import http.client
import json
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse

PLANTED = json.load(open(sys.argv[1]))
TLS = ssl.create_default_context()
KEY = os.environ["ANTHROPIC_API_KEY"]
# The whole of a place as a text, and each value of it.
text = lambda place: PLANTED[place]["text"]
values = lambda place: PLANTED[place]["values"]


def ask(method, path, body=b"", headers={}, host="api.anthropic.com", key=KEY):
    connection = http.client.HTTPSConnection(host, timeout=30, context=TLS)
    try:
        connection.request(method, path, body, {"x-api-key": key, "content-type": "application/json"} | headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error).encode()
    finally:
        connection.close()


def question(content, **more):
    return {"model": "claude-loopback-1", "max_tokens": 64, "messages": [{"role": "user", "content": content}]} | more


def say(name, result):
    print(f"done: {name} {result[0]}", flush=True)


def messages(name, body, headers={}):
    say(name, ask("POST", "/v1/messages", body, headers))


def requests():
    messages("json", json.dumps(question(text("json"))))
    escaped = "".join(f"\\u{ord(c):04x}" for c in text("escaped"))
    messages("escaped", json.dumps(question("@")).replace("@", escaped))
    messages("gzip", gzip.compress(json.dumps(question(text("gzip"))).encode()), {"content-encoding": "gzip"})
    tool = [{"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": text("history")}}]
    turns = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": tool}]
    messages("history", json.dumps(question("", messages=turns + [{"role": "user", "content": text("history")}])))
    # So long that it is sent on before it has all come, the values across its pieces.
    filling = "".join(random.choice("abcdefgh ") for _ in range(1 << 20))
    messages("long", json.dumps(question(filling + " " + text("long"))))
    form = urllib.parse.urlencode({"note": text("form")})
    say("form", ask("POST", "/form", form, {"content-type": "application/x-www-form-urlencoded"}, "other.example.com"))
    say("plain", ask("POST", "/plain", text("plain"), {"content-type": "text/plain"}, "other.example.com"))
    for value in values("path"):
        for coded in {urllib.parse.quote(value, safe=""), urllib.parse.quote(value)}:
            ask("GET", f"/v1/models/{coded}/{coded}?limit=1&cursor={coded}")
    say("path", (200, b""))
    for value in values("header"):
        if "\n" not in value:
            ask("GET", "/v1/models", headers={"x-note": value, "user-agent": value, "cookie": f"a={value}"})
            # Not the placeholder: denied.
            ask("GET", "/v1/models", key=value)
    say("header", (200, b""))


def responses():
    for name in ("answer", "stream", "gzip stream", "br"):
        messages(name, json.dumps(question(f"answer with {name}", stream="stream" in name)))
    say("other answer", ask("GET", "/answer", host="other.example.com"))


def denials():
    for label in PLANTED["host"]["labels"]:
        for name in (f"{label}.example.net", f"x.{label}.example.net"):
            try:
                socket.getaddrinfo(name, 443)
            except OSError:
                pass
        ask("CONNECT", f"{label}.example.net:443")
    for label in PLANTED["allowed host"]["labels"]:
        ask("GET", "/plain", host=f"{label}.other.example.com")
    say("host", (200, b""))


def programs():
    subprocess.run(["/bin/true", *values("arguments")])
    for label in PLANTED["program"]["labels"]:
        os.makedirs(label, exist_ok=True)
        shutil.copy("/bin/true", f"{label}/{label}")
        subprocess.run([f"./{label}/{label}"])
        # What a process calls itself is recorded with its connections.
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, label[:15].encode(), 0, 0, 0)
            ask("GET", "/v1/models")
            os._exit(0)
        os.wait()
    say("programs", (200, b""))


def terminal():
    rest = text("terminal")
    while rest:
        size = random.randint(1, 40)
        sys.stdout.write(rest[:size])
        sys.stdout.flush()
        rest = rest[size:]
        time.sleep(0.001)
    say("terminal", (200, b""))


for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
    for part in (terminal, requests, responses, denials, programs):
        part()
print("all done", flush=True)

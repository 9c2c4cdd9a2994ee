#!/usr/bin/env python3
"""agent.py PROMPT: a small agent: asks Claude, runs the shell commands that Claude asks for, until Claude is done.

It needs nothing but Python. Like any client of the Claude API it takes its key from ANTHROPIC_API_KEY and the API's
address from ANTHROPIC_BASE_URL. Under `hoopx run` the key is a placeholder and the address can stay unset: hoopx puts
the real key on each request and lets through only what is allowed. Nothing in here knows of it.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

BASE_URL = os.environ.get("ANTHROPIC_BASE_URL", "https://api.anthropic.com")
BASH = {
    "name": "Bash",
    "description": "Runs a shell command and returns what it printed.",
    "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
}


def ask(messages):
    """One turn of the model, streamed: prints its text as it comes, returns its content blocks and its stop reason."""
    body = {"model": "claude-sonnet-4-5", "max_tokens": 1024, "stream": True, "tools": [BASH], "messages": messages}
    headers = {
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "x-api-key": os.environ["ANTHROPIC_API_KEY"],
    }
    request = urllib.request.Request(BASE_URL + "/v1/messages", json.dumps(body).encode(), headers)
    blocks, inputs, stop_reason = [], {}, None
    with urllib.request.urlopen(request, timeout=300) as response:
        for line in response:
            if not line.startswith(b"data: "):
                continue
            event = json.loads(line[len(b"data: ") :])
            if event["type"] == "content_block_start":
                blocks.append(event["content_block"])
            elif event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta":
                print(event["delta"]["text"], end="", flush=True)
                blocks[event["index"]]["text"] += event["delta"]["text"]
            elif event["type"] == "content_block_delta" and event["delta"]["type"] == "input_json_delta":
                inputs[event["index"]] = inputs.get(event["index"], "") + event["delta"]["partial_json"]
            elif event["type"] == "message_delta":
                stop_reason = event["delta"]["stop_reason"]
            elif event["type"] == "error":
                sys.exit("agent: the stream broke: " + event["error"]["message"])
    print()
    for index, text in inputs.items():
        blocks[index]["input"] = json.loads(text or "{}")
    return blocks, stop_reason


def run(block):
    """Carries out one tool use."""
    command = block["input"]["command"]
    print("$", command, flush=True)
    done = subprocess.run(command, shell=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout, end="", flush=True)
    return {
        "type": "tool_result",
        "tool_use_id": block["id"],
        "content": done.stdout or "(no output)",
        "is_error": done.returncode != 0,
    }


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: agent.py PROMPT")
    if "ANTHROPIC_API_KEY" not in os.environ:
        sys.exit("agent: ANTHROPIC_API_KEY is not set")
    messages = [{"role": "user", "content": sys.argv[1]}]
    while True:
        try:
            blocks, stop_reason = ask(messages)
        except urllib.error.HTTPError as error:
            sys.exit("agent: the API answered %d: %s" % (error.code, error.read().decode()))
        if stop_reason != "tool_use":
            break
        messages.append({"role": "assistant", "content": blocks})
        messages.append({"role": "user", "content": [run(block) for block in blocks if block["type"] == "tool_use"]})


main()

"""anthropic_sdk.py CALL [ARGUMENT]: makes one call with the anthropic package and prints what came back."""

import sys

import anthropic

QUESTION = {"model": "claude-loopback-1", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
BASH = {"name": "Bash", "description": "Runs", "input_schema": {"type": "object", "properties": {}}}


def whole(client):
    print(client.messages.create(**QUESTION).content[0].text)


def stream(client):
    with client.messages.stream(**QUESTION) as events:
        for text in events.text_stream:
            print(repr(text), flush=True)
        print("stop:", events.get_final_message().stop_reason)


def ask(client):
    question = dict(QUESTION, messages=[{"role": "user", "content": sys.argv[2]}])
    print(client.messages.create(**question).content[0].text)
    with client.messages.stream(**question) as events:
        print("".join(events.text_stream))


def tool(client):
    question = dict(QUESTION, tools=[BASH], messages=[{"role": "user", "content": "[[run: echo it works]]"}])
    with client.messages.stream(**question) as events:
        message = events.get_final_message()
    print(message.stop_reason, message.content[-1].name, message.content[-1].input)


def error(client):
    try:
        client.messages.create(**QUESTION)
    except anthropic.APIStatusError as error:
        print(error.status_code, type(error).__name__, error.body["error"]["type"], error.response.headers.get("retry-after"))


def broken(client):
    try:
        stream(client)
    except Exception as error:
        print("broke:", type(error).__name__, flush=True)


def rest(client):
    print("tokens:", client.messages.count_tokens(model="m", messages=QUESTION["messages"]).input_tokens)
    print("model:", client.models.list().data[0].id)
    batch = {"custom_id": "one", "params": QUESTION}
    print("batch:", client.messages.batches.create(requests=[batch]).processing_status)
    print("file:", client.beta.files.upload(file=("data.txt", b"x" * 1000, "text/plain")).type)
    print("content:", len(client.beta.files.download("file_size_4096").read()))


# One attempt: what is tested is what one request gets.
call, client = sys.argv[1], anthropic.Anthropic(max_retries=0, timeout=60)
{"whole": whole, "stream": stream, "ask": ask, "tool": tool, "error": error, "broken": broken, "rest": rest}[call](client)

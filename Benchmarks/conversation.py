"""An agent's conversation, as its client sends it: each request holds all that was said before and one turn more.

conversation.py TURNS: prints the size of the last request's body in bytes.
"""
import http.client, json, os, random, sys, urllib.parse

words = ("the of and to in is that for with as on be at this have from or one had by word but not what all were we when "
         "file function value error test request server return string list data module class import path line").split()
rng = random.Random(20260101)
url = urllib.parse.urlsplit(os.environ["ANTHROPIC_BASE_URL"])
connection = http.client.HTTPConnection(url.hostname, url.port)
headers = {"Content-Type": "application/json", "x-api-key": os.environ["ANTHROPIC_API_KEY"]}


def prose(count):
    return " ".join(rng.choice(words) for _ in range(count)) + "."


def block(text, is_last):
    content = {"type": "text", "text": text}
    # The mark that says what may be cached moves on with each turn.
    return content | {"cache_control": {"type": "ephemeral"}} if is_last else content


system = prose(2500)
texts = []
body = b""
for turn in range(int(sys.argv[1])):
    texts += [("user", prose(rng.randint(20, 900))), ("assistant", prose(rng.randint(20, 300)))]
    messages = [{"role": role, "content": [block(text, index >= len(texts) - 2)]}
                for index, (role, text) in enumerate(texts)]
    body = json.dumps({"model": "claude-opus-4-5", "max_tokens": 32000, "system": system, "messages": messages}).encode()
    connection.request("POST", "/v1/messages?beta=true", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        sys.exit(f"status {answer.status}")
print(len(body))

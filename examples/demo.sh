#!/bin/bash
# The demonstration behind `make demo`: a login, a supervised agent, a way out that is denied, a card number that the model
# never sees, the record, and that nobody changed it.
#
# demo.sh DIRECTORY: the one with the built programs. Everything happens on loopback and in a temporary directory; the
# identity provider and the Claude API are the loopback ones, curl is the person with a browser, the agent is the claude
# CLI where it is installed, else agent.py.
set -euo pipefail
programs=$(cd "$1" && pwd)
examples=$(cd "$(dirname "$0")" && pwd)

# Not in /tmp: what hoopx keeps from the command must not lie among temporary files.
directory=$(mktemp -d /var/tmp/hoopx-demo.XXXXXX)
started=()
trap 'for process in "${started[@]}"; do kill "$process"; wait "$process" || true; done 2>/dev/null; rm -rf "$directory"' EXIT
export XDG_STATE_HOME=$directory/state CLAUDE_CONFIG_DIR=$directory/claude
mkdir "$CLAUDE_CONFIG_DIR"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
# Shows a command as one would type it.
typed() {
    local word typed='$'
    for word in "$@"; do
        if [[ $word == *[^A-Za-z0-9_./:=@%+,-]* ]]; then word=${word@Q}; fi
        typed+=" $word"
    done
    echo "$typed"
}
# Shows a command and runs it.
show() {
    typed "$@"
    "$@" || echo "(exit status $?)"
}
hoopx() { "$programs/hoopx" "$@"; }

# What only hoopx may read: the agent gets a placeholder for it.
(umask 077 && head -c 24 /dev/urandom | base64 | tr -d '+/=' >"$directory/api-key")

# Waits until a program in the background has written a line that matches, and prints what matched.
line_of() {
    local text
    for _ in $(seq 300); do
        text=$(grep -oE "$2" "$1" 2>/dev/null | head -n 1) && [ -n "$text" ] && { echo "$text"; return; }
        sleep 0.1
    done
    echo "demo.sh: error: waited 30 s for a program to start" >&2
    exit 1
}

"$programs/loopback-claude-api" --api-key-file "$directory/api-key" >"$directory/url" &
started+=($!)
"$programs/loopback-identity-provider" >"$directory/issuer" &
started+=($!)
api=$(line_of "$directory/url" '^http://.*')
issuer=$(line_of "$directory/issuer" '^http://.*')

cat >"$directory/hoopx.yaml" <<END
version: 1
identity: {issuer: "$issuer", client_id: hoopx}
connections:
  claude:
    upstream: $api
    credential: {source: file, path: api-key}
masking: {request: pseudonym}
END

attempt="curl -sS --max-time 5 https://example.com/"
prompt="My card is 4111 1111 1111 1111. [[run: $attempt]]"
agent=(python3 "$examples/agent.py" "$prompt")
if command -v claude >/dev/null; then
    agent=(claude -p --allowedTools Bash -- "$prompt")
fi

say "The configuration: who vouches for you, where the API is, and the file with its key"
cat "$directory/hoopx.yaml"

say "You log in: hoopx shows a code, and you confirm it in a browser. Here curl is you and the browser."
typed hoopx login --config "$directory/hoopx.yaml"
"$programs/hoopx" login --config "$directory/hoopx.yaml" 2> >(tee "$directory/login" >&2) &
started+=($!)
code=$(line_of "$directory/login" '[A-Z]{4}-[A-Z]{4}$')
confirm=(curl -sSf -o /dev/null -d "user_code=$code" -d user=alice -d action=approve "$issuer/device")
typed "${confirm[@]}"
"${confirm[@]}"
wait "${started[-1]}"
unset 'started[-1]'
line_of "$directory/login" 'logged in to .*' >/dev/null
show hoopx whoami --config "$directory/hoopx.yaml"

say "The agent asks the API, and runs the command that the model asks for: $attempt"
show hoopx run --config "$directory/hoopx.yaml" -- "${agent[@]}"

say "The requests passed with the real key in the place of the agent's placeholder."
echo "# The command's way out was denied: nothing in the configuration names example.com, so that it does not exist. The lines that begin with"
echo "# hoopx: say which rule that was, and what would allow it."

say "What was recorded, masked: the model got <CREDIT_CARD_1> in the place of the number"
show hoopx sessions list
session=$(hoopx sessions list --limit 1 --json | sed -nE 's/.*"session":"([^"]+)".*/\1/p')
show hoopx sessions show "$session"

say "Nobody has changed the record since: each event is a leaf of a signed transparency log"
show hoopx audit verify --config "$directory/hoopx.yaml"

say "You log out: the provider revokes the login, and hoopx forgets it."
show hoopx logout --config "$directory/hoopx.yaml"

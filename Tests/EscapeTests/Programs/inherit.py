"""inherit.py KIND NUMBER COMMAND...: starts a command with a socket of the given kind on a descriptor."""

import os

from attempts import *

kind, number = sys.argv[1], int(sys.argv[2])
if kind == "connected":
    inherited = socket.create_connection(("127.0.0.1", PORT))
elif kind == "listener":
    inherited = socket.create_server(("0.0.0.0", 0))
elif kind == "datagram":
    inherited = udp()
elif kind == "unix-datagram":
    inherited = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
else:
    inherited = tcp()
os.dup2(inherited.fileno(), number)
os.set_inheritable(number, True)
os.execvp(sys.argv[3], sys.argv[3:])

"""recorder.py: a server that believes everything: it prints what it is sent, and answers whatever looks like the end of
a request's head.

It prints its port first, then each piece as Python writes bytes.
"""

import socket
import threading

server = socket.create_server(("127.0.0.1", 0), backlog=512)
print("port", server.getsockname()[1], flush=True)


def serve(visitor):
    while piece := visitor.recv(65536):
        print(piece, flush=True)
        if b"\n\r\n" in piece or b"\n\n" in piece:
            location = b"Location: http://evil.example.com/stolen\r\n" if b"/redirect" in piece else b""
            status = b"302 Found" if location else b"200 OK"
            visitor.sendall(b"HTTP/1.1 %s\r\n%sContent-Length: 2\r\n\r\nok" % (status, location))


while True:
    visitor, _ = server.accept()
    threading.Thread(target=serve, args=(visitor,), daemon=True).start()

"""What test suites do: servers in threads, in processes and on sockets of every kind, and clients of them."""

import asyncio
import http.server
import multiprocessing
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"page of " + self.path.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(params=["127.0.0.1", "0.0.0.0", ""])
def url(request):
    server = http.server.ThreadingHTTPServer((request.param, 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_http_server(url):
    for number in range(20):
        assert urllib.request.urlopen(f"{url}/{number}", timeout=30).read() == b"page of /%d" % number


def test_asyncio_server():
    async def echo(reader, writer):
        writer.write(await reader.readline())
        writer.close()

    async def ask(port):
        reader, writer = await asyncio.open_connection("localhost", port)
        writer.write(b"ping\n")
        return await reader.readline()

    async def main():
        server = await asyncio.start_server(echo, "localhost", 0)
        port = server.sockets[0].getsockname()[1]
        return await asyncio.gather(*(ask(port) for _ in range(20)))

    assert asyncio.run(main()) == [b"ping\n"] * 20


def test_server_of_another_process(tmp_path):
    program = (
        "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen();"
        "print('ready', flush=True); s.accept()[0].sendall(b'hello')"
    )
    server = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "s")], stdout=subprocess.PIPE)
    assert server.stdout.readline() == b"ready\n"
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
        assert client.recv(10) == b"hello"
    assert server.wait() == 0


def test_multiprocessing():
    with multiprocessing.Manager() as manager:
        assert list(manager.list([1, 2])) == [1, 2]


def test_the_outside_is_refused():
    with pytest.raises(socket.gaierror):
        socket.create_connection(("denied.example.com", 443), timeout=30)

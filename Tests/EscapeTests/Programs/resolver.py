"""resolver.py ATTEMPT: as root, says where names lead to that the configuration allows."""

import os
import subprocess
import threading

from attempts import *

# The names are two, so that what the control has written does not lead the other.
NAME = ("two" if "HOOPX_SESSION" in os.environ else "one") + ".example.com"


def make(*command):
    """As the machine's root: a place for the sockets of its services; then a command."""
    subprocess.run("mount -t tmpfs none /run".split(), check=True)
    sys.stdout.flush()
    os.execvp(command[0], command)


def address(name):
    """What a name server says, which is hoopx wherever it is asked; without one, what the machine's own table says."""
    labels = b"".join(bytes([len(label)]) + label for label in name.encode().split(b"."))
    client = udp()
    client.settimeout(0.1)
    try:
        client.sendto(b"\1\2\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1", ("192.0.2.53", 53))
        return socket.inet_ntoa(client.recv(512)[-4:])
    except OSError:
        return socket.getaddrinfo(name, None)[0][4][0]


def dial():
    import ssl

    context = ssl.create_default_context()
    # Where there are no datagram sockets hoopx is asked as a proxy.
    if proxy := os.environ.get("https_proxy"):
        host, port = proxy.rpartition("/")[2].split(":")
        client = socket.create_connection((host, int(port)), 1)
        client.sendall(b"CONNECT %s:443 HTTP/1.1\r\n\r\n" % NAME.encode())
        client.recv(4096)
    else:
        client = socket.create_connection((address(NAME), 443), 1)
    quietly(lambda: context.wrap_socket(client, server_hostname=NAME))


def hosts():
    """The machine's table of hosts."""
    quietly(lambda: open("/etc/hosts", "a").write("%s %s\n" % (OUTSIDE, NAME)))
    quietly(dial)


def cache():
    """The place of the C library's cache daemon, whose answers are believed."""
    place = "/run/nscd/socket"
    os.makedirs("/run/nscd")
    server = socket.socket(socket.AF_UNIX)
    server.bind(place)
    server.listen()
    server.settimeout(3)

    def answer():
        while isinstance(visitor := quietly(server.accept), tuple):
            with visitor[0]:
                # GETAI of nscd: the addresses of a host. Before that it is asked for its table, as a file.
                if struct.unpack_from("=i", quietly(visitor[0].recv, 100), 4) == (14,):
                    print("asked")

    thread = threading.Thread(target=answer)
    thread.start()
    quietly(dial)
    thread.join()


main(globals())

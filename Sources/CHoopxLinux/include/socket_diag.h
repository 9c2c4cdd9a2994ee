// Which sockets listen, and who is who among sockets (sock_diag(7)). A cookie names a socket for as long as the machine
// runs; inode numbers and ports are reused.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct hoopx_tcp_listener {
    uint64_t cookie;
    // AF_INET or AF_INET6.
    int32_t family;
    // The interface that it is bound to, or 0.
    uint32_t interface;
    // 4 or 16 bytes.
    uint8_t address[16];
};

// The TCP sockets of hoopx's network namespace that listen on a port (host byte order), at most `capacity` of them.
// Returns their number, or -errno (-ENOENT: the kernel has no tcp_diag).
int hoopx_tcp_listeners(uint16_t port, struct hoopx_tcp_listener *listeners, size_t capacity);

// A socket for hoopx_tcp_listener_for, or -errno. One thread at a time may use it.
int hoopx_open_sock_diag(void);

// The cookie of the TCP listener that the kernel would give a connection over the loopback interface to. Returns 0, or
// -errno (-ENOENT: nobody listens). It is the kernel's own lookup, many times quicker than going through all listeners;
// of several that share the port with SO_REUSEPORT it names any.
//
// domain: AF_INET with 4 bytes of address, or AF_INET6 with 16. port: host byte order.
int hoopx_tcp_listener_for(int sock_diag, int domain, const uint8_t *address, uint16_t port, uint64_t *cookie);

struct hoopx_unix_listener {
    uint64_t cookie;
    // The socket file: its inode, and st_dev of its file system's superblock. Both 0 for an abstract name.
    uint64_t device;
    uint32_t inode;
    // The name as it was bound: a path, or a NUL byte and the abstract name.
    uint32_t name_length;
    uint8_t name[108];
};

// The unix sockets of hoopx's network namespace that listen, at most `capacity` of them. Returns their number, or
// -errno (-ENOENT: the kernel has no unix_diag).
int hoopx_unix_listeners(struct hoopx_unix_listener *listeners, size_t capacity);

// SO_COOKIE.
int hoopx_socket_cookie(int socket, uint64_t *cookie);

// SO_NETNS_COOKIE (5.14): the network namespace that a socket belongs to.
int hoopx_netns_cookie(int socket, uint64_t *cookie);

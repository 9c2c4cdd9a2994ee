// Sockets and events as Swift's Glibc module cannot make them: its declarations leave out what is Linux's own.
#pragma once

#include <stdint.h>

enum {
    // Flags of socket(2)'s type, and of open(2), which glibc shows with _GNU_SOURCE only.
    HOOPX_SOCK_CLOEXEC = 02000000,
    HOOPX_SOCK_NONBLOCK = 04000,
    HOOPX_O_PATH = 010000000,
};

// Accepts a connection, with close-on-exec set; the new socket blocks. `peer` takes its address, a struct sockaddr of at
// most `*length` bytes. The descriptor, or -errno.
int hoopx_accept(int listener, void *peer, uint32_t *length);

// The process that a connected Unix socket's peer called listen(2) or socketpair(2) in (SO_PEERCRED), or -errno.
int hoopx_peer_process(int socket);

// An eventfd(2) that does not block and closes on exec, or -errno.
int hoopx_event(void);

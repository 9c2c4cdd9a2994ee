// Datagrams whose answer must come from the address that was asked (IP_PKTINFO in ip(7), IPV6_PKTINFO in ipv6(7)).
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

// Where a datagram came from, and the local address that it was sent to (in the family of `peer`).
struct hoopx_datagram_path {
    struct sockaddr_storage peer;
    socklen_t peer_length;
    unsigned int interface;
    union {
        struct in_addr v4;
        struct in6_addr v6;
    } local;
};

// Receives a datagram on a socket with IP_PKTINFO or IPV6_RECVPKTINFO set. Returns its length, or -errno; -EMSGSIZE
// for one that is longer than `capacity`, -EPROTO for one without a local address.
ssize_t hoopx_datagram_receive(int socket, void *bytes, size_t capacity, struct hoopx_datagram_path *path);

// Sends back along a path: to its peer, from its local address. Returns 0 or -errno.
int hoopx_datagram_answer(int socket, const void *bytes, size_t length, const struct hoopx_datagram_path *path);

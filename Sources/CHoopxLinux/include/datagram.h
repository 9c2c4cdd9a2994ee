// Datagrams whose answer must come from the address that was asked (IP_PKTINFO in ip(7), IPV6_PKTINFO in ipv6(7)).
#pragma once

#include <stddef.h>
#include <stdint.h>

// Where a datagram came from, and the local address that it was sent to (in the family of `peer`).
struct hoopx_datagram_path {
    // A struct sockaddr_storage.
    _Alignas(8) unsigned char peer[128];
    uint32_t peer_length;
    uint32_t interface;
    // 4 or 16 bytes in network order.
    unsigned char local[16];
};

// Receives a datagram on a socket with IP_PKTINFO or IPV6_RECVPKTINFO set. Returns its length, or -errno; -EMSGSIZE
// for one that is longer than `capacity`, -EPROTO for one without a local address.
ptrdiff_t hoopx_datagram_receive(int socket, void *bytes, size_t capacity, struct hoopx_datagram_path *path);

// Sends back along a path: to its peer, from its local address. Returns 0 or -errno.
int hoopx_datagram_answer(int socket, const void *bytes, size_t length, const struct hoopx_datagram_path *path);

// The conversation between hoopx and hoopx-netns, the helper in an empty network namespace of its own, over one AF_UNIX
// SOCK_SEQPACKET socket pair. The helper first sends one reply without a request: READY or the step that failed, after
// which it ends. Then it answers each request with one reply, in order, until end of file.
//
// In the namespace every address, of IPv4 and IPv6, is the machine's own (AnyIP), and nothing leads out of it.
#pragma once

#include <stdint.h>

enum hoopx_netns_operation {
    // A new socket.
    HOOPX_NETNS_CREATE = 1,
    // A new socket bound to every address at `port`, which tells the address that a datagram was sent to
    // (IP_PKTINFO, IPV6_RECVPKTINFO) and can answer from it. An IPv6 socket takes IPv6 only.
    HOOPX_NETNS_BOUND = 2,
};

struct hoopx_netns_request {
    uint32_t operation;
    int32_t domain;
    // May hold SOCK_NONBLOCK. SOCK_CLOEXEC is a property of a descriptor, not of what is passed.
    int32_t type;
    int32_t protocol;
    // In host byte order.
    uint16_t port;
    uint16_t unused;
};

enum hoopx_netns_step {
    HOOPX_NETNS_READY = 0,      // error: 0, or why the namespace has no IPv6
    HOOPX_NETNS_ARGUMENTS = 1,  // hoopx-netns was called wrongly
    HOOPX_NETNS_UNSHARE = 2,    // unprivileged user namespaces are off or limited
    HOOPX_NETNS_ID_MAP = 3,     // /proc/self/setgroups, uid_map, gid_map
    HOOPX_NETNS_LOOPBACK = 4,   // lo up; EPERM: the namespace came without capabilities (AppArmor in Ubuntu 24.04)
    HOOPX_NETNS_ROUTE = 5,      // local 0.0.0.0/0 dev lo
    HOOPX_NETNS_SOCKET = 6,     // the answer to a request: with the socket where error is 0
};

struct hoopx_netns_reply {
    uint32_t step;
    int32_t error;
};

#include "datagram.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

_Static_assert(
    sizeof(struct sockaddr_storage) == sizeof((struct hoopx_datagram_path){0}.peer), "a path holds any address");

union control {
    struct cmsghdr header;
    char v4[CMSG_SPACE(sizeof(struct in_pktinfo))];
    char v6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

ptrdiff_t hoopx_datagram_receive(int socket, void *bytes, size_t capacity, struct hoopx_datagram_path *path) {
    union control control;
    struct iovec part = {.iov_base = bytes, .iov_len = capacity};
    struct msghdr message = {
        .msg_name = path->peer,
        .msg_namelen = sizeof path->peer,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    ssize_t length = recvmsg(socket, &message, 0);
    if (length < 0) return -errno;
    if (message.msg_flags & MSG_TRUNC) return -EMSGSIZE;
    path->peer_length = message.msg_namelen;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(header), sizeof info);
            path->interface = (unsigned int)info.ipi_ifindex;
            memcpy(path->local, &info.ipi_addr, sizeof info.ipi_addr);
            return length;
        }
        if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(header), sizeof info);
            path->interface = info.ipi6_ifindex;
            memcpy(path->local, &info.ipi6_addr, sizeof info.ipi6_addr);
            return length;
        }
    }
    return -EPROTO;
}

int hoopx_datagram_answer(int socket, const void *bytes, size_t length, const struct hoopx_datagram_path *path) {
    union control control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {
        .msg_name = (void *)path->peer,
        .msg_namelen = path->peer_length,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &control,
    };
    if (((const struct sockaddr *)path->peer)->sa_family == AF_INET) {
        struct in_pktinfo info = {.ipi_ifindex = (int)path->interface};
        memcpy(&info.ipi_spec_dst, path->local, sizeof info.ipi_spec_dst);
        control.header.cmsg_level = IPPROTO_IP;
        control.header.cmsg_type = IP_PKTINFO;
        control.header.cmsg_len = CMSG_LEN(sizeof info);
        message.msg_controllen = CMSG_SPACE(sizeof info);
        memcpy(CMSG_DATA(&control.header), &info, sizeof info);
    } else {
        struct in6_pktinfo info = {.ipi6_ifindex = path->interface};
        memcpy(&info.ipi6_addr, path->local, sizeof info.ipi6_addr);
        control.header.cmsg_level = IPPROTO_IPV6;
        control.header.cmsg_type = IPV6_PKTINFO;
        control.header.cmsg_len = CMSG_LEN(sizeof info);
        message.msg_controllen = CMSG_SPACE(sizeof info);
        memcpy(CMSG_DATA(&control.header), &info, sizeof info);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

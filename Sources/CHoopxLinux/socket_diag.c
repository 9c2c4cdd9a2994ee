#include "socket_diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// What a dump fills: an array of the caller, through a function that takes one answer of the kernel.
struct dump {
    void *entries;
    size_t capacity;
    size_t count;
    void (*take)(struct dump *, const struct nlmsghdr *);
};

// Sends a dump request and takes its answers until the kernel says that there are no more. Returns 0 or -errno.
static int run_dump(const void *request, size_t length, struct dump *dump) {
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -errno;
    int result = send(netlink, request, length, 0) < 0 ? -errno : 1;
    _Alignas(struct nlmsghdr) char answers[16384];
    while (result > 0) {
        ssize_t received = recv(netlink, answers, sizeof answers, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received <= 0) {
            result = received < 0 ? -errno : -EPIPE;
            break;
        }
        size_t rest = (size_t)received;
        for (struct nlmsghdr *answer = (void *)answers; result > 0 && NLMSG_OK(answer, rest);
             answer = NLMSG_NEXT(answer, rest)) {
            if (answer->nlmsg_type == NLMSG_DONE) result = 0;
            else if (answer->nlmsg_type == NLMSG_ERROR) result = ((struct nlmsgerr *)NLMSG_DATA(answer))->error;
            else if (dump->count < dump->capacity) dump->take(dump, answer);
        }
    }
    close(netlink);
    return result;
}

// lo is the first interface of every network namespace.
enum { FIRST_INTERFACE = 1 };

static uint64_t cookie_of(const uint32_t halves[2]) { return (uint64_t)halves[1] << 32 | halves[0]; }

static void take_tcp(struct dump *dump, const struct nlmsghdr *answer) {
    const struct inet_diag_msg *socket = NLMSG_DATA(answer);
    struct hoopx_tcp_listener *listener = (struct hoopx_tcp_listener *)dump->entries + dump->count++;
    *listener = (struct hoopx_tcp_listener){
        .cookie = cookie_of(socket->id.idiag_cookie),
        .family = socket->idiag_family,
        .interface = socket->id.idiag_if,
    };
    memcpy(listener->address, socket->id.idiag_src, socket->idiag_family == AF_INET ? 4 : 16);
}

int hoopx_tcp_listeners(uint16_t port, struct hoopx_tcp_listener *listeners, size_t capacity) {
    struct dump dump = {.entries = listeners, .capacity = capacity, .take = take_tcp};
    const uint8_t families[] = {AF_INET, AF_INET6};
    for (size_t i = 0; i < sizeof families; i++) {
        struct {
            struct nlmsghdr header;
            struct inet_diag_req_v2 body;
        } request = {
            .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
            .body = {.sdiag_family = families[i], .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1u << TCP_LISTEN,
                     .id = {.idiag_sport = htons(port)}},
        };
        int result = run_dump(&request, sizeof request, &dump);
        if (result < 0) return result;
    }
    return (int)dump.count;
}

int hoopx_open_sock_diag(void) {
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    return netlink < 0 ? -errno : netlink;
}

int hoopx_tcp_listener_for(int sock_diag, int domain, const uint8_t *address, uint16_t port, uint64_t *cookie) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 body;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
        .body = {.sdiag_family = (uint8_t)domain, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1u << TCP_LISTEN,
                 .id = {.idiag_sport = htons(port), .idiag_if = FIRST_INTERFACE,
                        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
    };
    // The other end, which has no port yet, is the same address: so it is on loopback.
    memcpy(request.body.id.idiag_src, address, domain == AF_INET ? 4 : 16);
    memcpy(request.body.id.idiag_dst, address, domain == AF_INET ? 4 : 16);
    if (send(sock_diag, &request, sizeof request, 0) < 0) return -errno;
    _Alignas(struct nlmsghdr) char room[2048];
    ssize_t received;
    do received = recv(sock_diag, room, sizeof room, 0);
    while (received < 0 && errno == EINTR);
    const struct nlmsghdr *answer = (const void *)room;
    if (received < 0) return -errno;
    if (!NLMSG_OK(answer, (size_t)received)) return -EPROTO;
    if (answer->nlmsg_type == NLMSG_ERROR) return ((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
    const struct inet_diag_msg *socket = NLMSG_DATA(answer);
    if (socket->idiag_state != TCP_LISTEN) return -ENOENT;
    *cookie = cookie_of(socket->id.idiag_cookie);
    return 0;
}

static void take_unix(struct dump *dump, const struct nlmsghdr *answer) {
    const struct unix_diag_msg *socket = NLMSG_DATA(answer);
    struct hoopx_unix_listener *listener = (struct hoopx_unix_listener *)dump->entries + dump->count++;
    *listener = (struct hoopx_unix_listener){.cookie = cookie_of(socket->udiag_cookie)};
    size_t rest = answer->nlmsg_len - NLMSG_LENGTH(sizeof *socket);
    for (const struct rtattr *attribute = (const void *)(socket + 1); RTA_OK(attribute, rest);
         attribute = RTA_NEXT(attribute, rest)) {
        size_t length = RTA_PAYLOAD(attribute);
        if (attribute->rta_type == UNIX_DIAG_NAME) {
            if (length > sizeof listener->name) length = sizeof listener->name;
            memcpy(listener->name, RTA_DATA(attribute), length);
            // A path comes with its end, an abstract name begins with a NUL byte and has none.
            if (length > 1 && listener->name[0] && !listener->name[length - 1]) length--;
            listener->name_length = (uint32_t)length;
        } else if (attribute->rta_type == UNIX_DIAG_VFS && length >= sizeof(struct unix_diag_vfs)) {
            struct unix_diag_vfs file;
            memcpy(&file, RTA_DATA(attribute), sizeof file);
            listener->inode = file.udiag_vfs_ino;
            // The kernel's own dev_t: 12 bits of major above 20 bits of minor number.
            listener->device = makedev(file.udiag_vfs_dev >> 20, file.udiag_vfs_dev & 0xfffff);
        }
    }
}

int hoopx_unix_listeners(struct hoopx_unix_listener *listeners, size_t capacity) {
    struct dump dump = {.entries = listeners, .capacity = capacity, .take = take_unix};
    struct {
        struct nlmsghdr header;
        struct unix_diag_req body;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .body = {.sdiag_family = AF_UNIX, .udiag_states = 1u << TCP_LISTEN,
                 .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS},
    };
    int result = run_dump(&request, sizeof request, &dump);
    return result < 0 ? result : (int)dump.count;
}

static int read_cookie(int socket, int option, uint64_t *cookie) {
    socklen_t length = sizeof *cookie;
    return getsockopt(socket, SOL_SOCKET, option, cookie, &length) < 0 ? -errno : 0;
}

int hoopx_socket_cookie(int socket, uint64_t *cookie) { return read_cookie(socket, SO_COOKIE, cookie); }

int hoopx_netns_cookie(int socket, uint64_t *cookie) { return read_cookie(socket, SO_NETNS_COOKIE, cookie); }

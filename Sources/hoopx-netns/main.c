// hoopx-netns <socket-fd>: makes sockets in an empty network namespace, where nothing that they send can get out of.
//
// The conversation with hoopx is netns_protocol.h. The program unshares a user and a network namespace (the first gives
// it the right to the second), makes every address local there, and then answers requests until hoopx hangs up.

#include <descriptor_passing.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netns_protocol.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FAILED = 125, FIRST_INTERFACE = 1 };  // lo is the first interface of every network namespace

static void reply(int hoopx, enum hoopx_netns_step step, int error, int descriptor) {
    struct hoopx_netns_reply reply = {.step = step, .error = error};
    int sent = hoopx_send_packet(hoopx, &reply, sizeof reply, descriptor);
    if (sent == 0 || descriptor < 0) return;
    // hoopx waits for an answer. The kernel counts the descriptors on their way together that a user's processes pass: the
    // target can have too many of them (ETOOMANYREFS). If hoopx is gone, the next read says so.
    reply.error = -sent;
    hoopx_send_packet(hoopx, &reply, sizeof reply, -1);
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    int error = write(file, text, strlen(text)) < 0 ? errno : 0;
    close(file);
    return error;
}

// Maps the user to itself: the namespace's other ids stay unmapped, and nobody in it is root outside.
static int map_ids(uid_t user, gid_t group) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1", user, user);
    snprintf(groups, sizeof groups, "%u %u 1", group, group);
    int error = write_file("/proc/self/setgroups", "deny");
    if (!error) error = write_file("/proc/self/uid_map", users);
    if (!error) error = write_file("/proc/self/gid_map", groups);
    return error;
}

static int bring_loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0) return errno;
    int error = ioctl(any, SIOCSIFFLAGS, &request) < 0 ? errno : 0;
    close(any);
    return error;
}

// ip route add local default dev lo table local
static int make_every_address_local(unsigned char family) {
    struct {
        struct nlmsghdr header;
        struct rtmsg route;
        struct rtattr attribute;
        uint32_t interface;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWROUTE,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL},
        .route = {.rtm_family = family, .rtm_table = RT_TABLE_LOCAL, .rtm_protocol = RTPROT_BOOT,
                  .rtm_scope = RT_SCOPE_HOST, .rtm_type = RTN_LOCAL},
        .attribute = {.rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = RTA_OIF},
        .interface = FIRST_INTERFACE,
    };
    struct {
        struct nlmsghdr header;
        struct nlmsgerr body;
        char request[sizeof request];
    } answer;
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0) return errno;
    int error = 0;
    if (send(netlink, &request, sizeof request, 0) < 0 || recv(netlink, &answer, sizeof answer, 0) < 0) error = errno;
    else if (answer.header.nlmsg_type == NLMSG_ERROR) error = -answer.body.error;
    else error = EPROTO;
    close(netlink);
    return error;
}

static int turn_on(int socket, int level, int option) {
    int on = 1;
    return setsockopt(socket, level, option, &on, sizeof on) < 0 ? errno : 0;
}

static int bind_everywhere(int socket, int domain, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int error;
    if (domain == AF_INET) {
        if ((error = turn_on(socket, IPPROTO_IP, IP_PKTINFO))) return error;
        return bind(socket, (struct sockaddr *)&v4, sizeof v4) < 0 ? errno : 0;
    }
    if ((error = turn_on(socket, IPPROTO_IPV6, IPV6_V6ONLY))) return error;
    if ((error = turn_on(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO))) return error;
    // IPv6 asks of a source address that an interface has it; a route is not enough for it.
    if ((error = turn_on(socket, IPPROTO_IPV6, IPV6_FREEBIND))) return error;
    return bind(socket, (struct sockaddr *)&v6, sizeof v6) < 0 ? errno : 0;
}

static void answer_request(int hoopx, const struct hoopx_netns_request *request) {
    int made = socket(request->domain, request->type | SOCK_CLOEXEC, request->protocol);
    int error = made < 0 ? errno : 0;
    if (!error && request->operation == HOOPX_NETNS_BOUND) error = bind_everywhere(made, request->domain, request->port);
    reply(hoopx, HOOPX_NETNS_SOCKET, error, error ? -1 : made);
    if (made >= 0) close(made);
}

// Returns the step that failed, or READY; `error` says why, for READY why there is no IPv6.
static enum hoopx_netns_step make_namespace(int *error) {
    uid_t user = geteuid();
    gid_t group = getegid();
    *error = unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 ? errno : 0;
    if (*error) return HOOPX_NETNS_UNSHARE;
    if ((*error = map_ids(user, group))) return HOOPX_NETNS_ID_MAP;
    if ((*error = bring_loopback_up())) return HOOPX_NETNS_LOOPBACK;
    if ((*error = make_every_address_local(AF_INET))) return HOOPX_NETNS_ROUTE;
    *error = make_every_address_local(AF_INET6);
    return HOOPX_NETNS_READY;
}

int main(int count, char **arguments) {
    char *rest;
    long hoopx = count == 2 ? strtol(arguments[1], &rest, 10) : -1;
    if (hoopx < 3 || hoopx > 1023 || *rest) {
        fputs("hoopx-netns: error: this program is started by hoopx run, not by hand\n", stderr);
        return FAILED;
    }
    // The terminal's signals reach every process of the group; this one ends when hoopx hangs up.
    sigset_t every;
    sigfillset(&every);
    sigprocmask(SIG_SETMASK, &every, NULL);

    int error;
    enum hoopx_netns_step step = make_namespace(&error);
    // Only now: the id maps of a process that is not dumpable belong to root.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    reply((int)hoopx, step, error, -1);
    if (step != HOOPX_NETNS_READY) return FAILED;

    struct hoopx_netns_request request;
    while (hoopx_receive_packet((int)hoopx, &request, sizeof request, NULL) == sizeof request)
        answer_request((int)hoopx, &request);
    return 0;
}

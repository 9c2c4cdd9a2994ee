// The table of system calls. Whatever is not named is allowed: it reaches no network by itself.
//
// A number is denied for one of three reasons, named beside it: it leads out (past connect), it leads around the
// filter, or it reaches into a process that is not the target's.

#include "CHoopxFilter.h"
#include "assembler.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "hoopx has no filter for this architecture"
#endif

// The highest number that was examined: file_setattr of Linux 6.17, the same on both architectures. Later calls are
// denied until someone has looked at them. x32's numbers (bit 30) lie above it too.
enum { HIGHEST_EXAMINED_CALL = 469 };

static const int families_of_the_internet[] = {AF_INET, AF_INET6};
enum { SOCKET_TYPE_BITS = 0xf };

#define COUNT(array) (sizeof(array) / sizeof *(array))

// Denies a list of values of the accumulator.
static void deny_each(struct program *p, const uint32_t *values, size_t count, int error) {
    for (size_t i = 0; i < count; i++) {
        when(p, equal_to(values[i]));
        deny(p, error);
        end(p);
    }
}

static void check_architecture(struct program *p) {
    load_architecture(p);
    unless(p, equal_to(THIS_ARCHITECTURE));
    kill_process(p);
    end(p);
}

static void check_number(struct program *p) {
    load_number(p);
    when(p, at_least(HIGHEST_EXAMINED_CALL + 1));
    deny(p, ENOSYS);
    end(p);
}

static void check_connections(struct program *p) {
    when(p, equal_to(SYS_connect));
    notify(p);
    end(p);
    when(p, equal_to(SYS_listen));
    notify(p);
    end(p);
}

static void notify_each(struct program *p, const uint32_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        when(p, equal_to(numbers[i]));
        notify(p);
        end(p);
    }
}

// Programs that are started are the supervisor's to see, not to decide on.
static void check_executions(struct program *p) {
    static const uint32_t executions[] = {SYS_execve, SYS_execveat};
    notify_each(p, executions, COUNT(executions));
}

// The kernel refuses these anyway where Landlock rules over files.
static void check_mounts(struct program *p) {
    static const uint32_t mounts[] = {SYS_mount, SYS_move_mount, SYS_pivot_root};
    notify_each(p, mounts, COUNT(mounts));
}

// Of root, file rules leave no use for these: in a user namespace no ids can be mapped, since /proc is read-only, and a
// mount namespace takes a capability that is gone. clone3 has its flags in memory, and nested sandboxes use clone.
static void check_namespaces(struct program *p) {
    static const uint32_t makers[] = {SYS_clone, SYS_unshare};
    for (size_t i = 0; i < COUNT(makers); i++) {
        when(p, equal_to(makers[i]));
        load_argument(p, 0);
        when(p, has_any_bit_of(CLONE_NEWUSER | CLONE_NEWNS));
        notify(p);
        end(p);
        allow(p);
        end(p);
    }
}

// Unix datagram sockets could reach any socket path by sendto, which is not trapped.
static void check_unix_socket(struct program *p, bool notifies, int error_for_datagrams) {
    load_argument(p, 1);
    keep_bits(p, SOCKET_TYPE_BITS);
    const uint32_t streams[] = {SOCK_STREAM, SOCK_SEQPACKET};
    for (size_t i = 0; i < COUNT(streams); i++) {
        when(p, equal_to(streams[i]));
        if (notifies) notify(p);
        else allow(p);
        end(p);
    }
    deny(p, error_for_datagrams);
}

// TCP, whose connect is trapped, and UDP, which is made elsewhere. MPTCP and SCTP are streams with other protocols.
static void check_internet_socket(struct program *p, const struct hoopx_filter_options *options) {
    load_argument(p, 1);
    keep_bits(p, SOCKET_TYPE_BITS);
    when(p, equal_to(SOCK_STREAM));
    load_argument(p, 2);
    const uint32_t tcp[] = {0, IPPROTO_TCP};
    for (size_t i = 0; i < COUNT(tcp); i++) {
        when(p, equal_to(tcp[i]));
        if (options->notifies_streams) notify(p);
        else allow(p);
        end(p);
    }
    deny(p, EPROTONOSUPPORT);
    end(p);

    when(p, equal_to(SOCK_DGRAM));
    load_argument(p, 2);
    const uint32_t udp[] = {0, IPPROTO_UDP};
    for (size_t i = 0; i < COUNT(udp); i++) {
        when(p, equal_to(udp[i]));
        if (options->notifies_datagrams) notify(p);
        else deny(p, EACCES);
        end(p);
    }
    deny(p, EPROTONOSUPPORT);
    end(p);
    deny(p, EPERM);
}

static void check_sockets(struct program *p, const struct hoopx_filter_options *options) {
    when(p, equal_to(SYS_socket));
    load_argument(p, 0);
    when(p, equal_to(AF_UNIX));
    check_unix_socket(p, options->notifies_streams, EACCES);
    end(p);
    for (size_t i = 0; i < COUNT(families_of_the_internet); i++) {
        when(p, equal_to((uint32_t)families_of_the_internet[i]));
        check_internet_socket(p, options);
        end(p);
    }
    when(p, equal_to(AF_NETLINK));
    load_argument(p, 2);
    when(p, equal_to(0));  // NETLINK_ROUTE: libraries list interfaces and addresses with it
    allow(p);
    end(p);
    deny(p, EPROTONOSUPPORT);
    end(p);
    deny(p, EAFNOSUPPORT);
    end(p);

    when(p, equal_to(SYS_socketpair));
    load_argument(p, 0);
    when(p, equal_to(AF_UNIX));
    check_unix_socket(p, false, EPROTONOSUPPORT);
    end(p);
    deny(p, EAFNOSUPPORT);
    end(p);
}

// MSG_FASTOPEN is a connect inside of a send. Nothing else that can be sent to has an address that leads out.
static void check_sends(struct program *p) {
    static const struct {
        uint32_t number;
        unsigned int flags;
    } sends[] = {{SYS_sendto, 3}, {SYS_sendmsg, 2}, {SYS_sendmmsg, 3}};
    for (size_t i = 0; i < COUNT(sends); i++) {
        when(p, equal_to(sends[i].number));
        load_argument(p, sends[i].flags);
        when(p, has_any_bit_of(MSG_FASTOPEN));
        deny(p, EOPNOTSUPP);
        end(p);
        allow(p);
        end(p);
    }
}

// Options that would send the supervisor's loopback connect out of another interface, or make it hang; and those that
// join a multicast group or name its sources: the kernel announces either on the wire, in the addresses that it was
// given. It refuses IP_ADD_MEMBERSHIP and IPV6_ADD_MEMBERSHIP on TCP by itself, and those of datagram sockets stay in
// their namespace; the other names of sources want a membership. The names are numbers here because no two C libraries
// have all of them.
static void check_socket_options(struct program *p) {
    static const uint32_t socket_level[] = {
        25,  // SO_BINDTODEVICE
        36,  // SO_MARK: routing by mark
        62,  // SO_BINDTOIFINDEX
    };
    static const uint32_t ip_level[] = {
        4,   // IP_OPTIONS: loose source routing
        19,  // IP_TRANSPARENT
        39,  // IP_ADD_SOURCE_MEMBERSHIP
        42,  // MCAST_JOIN_GROUP
        46,  // MCAST_JOIN_SOURCE_GROUP
        50,  // IP_UNICAST_IF
    };
    static const uint32_t ipv6_level[] = {
        5,   // IPV6_2292RTHDR
        6,   // IPV6_2292PKTOPTIONS
        42,  // MCAST_JOIN_GROUP
        46,  // MCAST_JOIN_SOURCE_GROUP
        54,  // IPV6_HOPOPTS
        55,  // IPV6_RTHDRDSTOPTS
        57,  // IPV6_RTHDR
        59,  // IPV6_DSTOPTS
        75,  // IPV6_TRANSPARENT
        76,  // IPV6_UNICAST_IF
    };
    static const uint32_t tcp_level[] = {
        14,  // TCP_MD5SIG: the peer would have to sign too, so that connect hangs
        32,  // TCP_MD5SIG_EXT
        38,  // TCP_AO_ADD_KEY, likewise
        39,  // TCP_AO_DEL_KEY
        40,  // TCP_AO_INFO
    };
    static const struct {
        uint32_t level;
        const uint32_t *names;
        size_t count;
    } levels[] = {
        {SOL_SOCKET, socket_level, COUNT(socket_level)},
        {IPPROTO_IP, ip_level, COUNT(ip_level)},
        {IPPROTO_IPV6, ipv6_level, COUNT(ipv6_level)},
        {IPPROTO_TCP, tcp_level, COUNT(tcp_level)},
    };
    when(p, equal_to(SYS_setsockopt));
    load_argument(p, 1);
    for (size_t i = 0; i < COUNT(levels); i++) {
        when(p, equal_to(levels[i].level));
        load_argument(p, 2);
        deny_each(p, levels[i].names, levels[i].count, EPERM);
        allow(p);
        end(p);
    }
    allow(p);
    end(p);
}

static void check_ioctl(struct program *p, bool has_signal_scope) {
    static const uint32_t ways_out[] = {
        0x5412,  // TIOCSTI: types into the terminal, for the shell to read after the run
        0x541c,  // TIOCLINUX: pastes into a console
        0x894c,  // SIOCGSKNS: enters the network namespace of a datagram socket
        0x400454ca,  // TUNSETIFF: takes over an interface that the user has for a virtual machine
    };
    static const uint32_t signals[] = {
        0x8901,  // FIOSETOWN
        0x8902,  // SIOCSPGRP
    };
    when(p, equal_to(SYS_ioctl));
    load_argument(p, 1);
    deny_each(p, ways_out, COUNT(ways_out), EPERM);
    if (!has_signal_scope) deny_each(p, signals, COUNT(signals), EPERM);
    allow(p);
    end(p);
}

// A process that is not dumpable could not be supervised: pidfd_getfd refuses its descriptors. Refusing would end
// programs that only mean well (ssh-agent, gpg), so that the call is said to have succeeded.
static void check_prctl(struct program *p) {
    when(p, equal_to(SYS_prctl));
    load_argument(p, 0);
    when(p, equal_to(4));  // PR_SET_DUMPABLE
    pretend_success(p);
    end(p);
    allow(p);
    end(p);
}

// New limits for another process: RLIMIT_NOFILE of 0 would make the supervisor fail.
static void check_prlimit(struct program *p) {
    when(p, equal_to(SYS_prlimit64));
    load_argument(p, 0);
    when(p, equal_to(0));
    allow(p);
    end(p);
    load_argument(p, 2);
    unless(p, equal_to(0));
    deny(p, EPERM);
    end(p);
    load_upper_half(p, 2);
    unless(p, equal_to(0));
    deny(p, EPERM);
    end(p);
    allow(p);
    end(p);
}

static void check_signals(struct program *p, const struct hoopx_filter_options *options) {
    static const uint32_t calls[] = {SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo};
    const uint32_t spared[] = {(uint32_t)-1, (uint32_t)options->supervisor, (uint32_t)options->guardian};
    for (size_t i = 0; i < COUNT(calls); i++) {
        when(p, equal_to(calls[i]));
        load_argument(p, 0);
        deny_each(p, spared, COUNT(spared), EPERM);
        allow(p);
        end(p);
    }
}

// Priorities and processors of the supervisor and the guardian: starved by the target's own processes they could not end
// them. A group or a user has them in it. Threads are known by numbers like processes, so that other processes cannot be told
// from the target's own threads here.
static void check_priorities(struct program *p, const struct hoopx_filter_options *options) {
    enum { ANY_KIND = -1 };
    static const struct {
        uint32_t number;
        // What the first argument must be for the second to name a process; ANY_KIND where the first does.
        int kind;
    } calls[] = {
        {SYS_setpriority, 0 /* PRIO_PROCESS */},
        {SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */},
        {SYS_sched_setaffinity, ANY_KIND},
        {SYS_sched_setscheduler, ANY_KIND},
        {SYS_sched_setparam, ANY_KIND},
        {SYS_sched_setattr, ANY_KIND},
    };
    const uint32_t spared[] = {(uint32_t)options->supervisor, (uint32_t)options->guardian};
    for (size_t i = 0; i < COUNT(calls); i++) {
        when(p, equal_to(calls[i].number));
        load_argument(p, 0);
        if (calls[i].kind != ANY_KIND) {
            unless(p, equal_to((uint32_t)calls[i].kind));
            deny(p, EPERM);
            end(p);
            load_argument(p, 1);
        }
        deny_each(p, spared, COUNT(spared), EPERM);
        allow(p);
        end(p);
    }
}

static void check_whole_calls(struct program *p, const struct hoopx_filter_options *options) {
    // Around the filter: io_uring carries out connects of its own; keys can start the kernel's request-key helper, and so
    // can the sources of file systems, whose names the kernel looks up (Ceph, AFS) before it asks whether they may be
    // mounted.
    static const uint32_t missing[] = {
        SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_keyctl, SYS_add_key, SYS_request_key,
        SYS_fsopen,
    };
    // A handle names any file of nsfs, the helper's namespaces among them, which the target's user owns (Linux 6.18).
    static const uint32_t forbidden[] = {SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_open_by_handle_at};
    // Into other processes.
    static const uint32_t kept_by_landlock[] = {
        SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd, SYS_kcmp,
    };
    static const uint32_t kept_by_signal_scope[] = {SYS_pidfd_send_signal};
    deny_each(p, missing, COUNT(missing), ENOSYS);
    deny_each(p, forbidden, COUNT(forbidden), EPERM);
    if (!options->has_landlock) deny_each(p, kept_by_landlock, COUNT(kept_by_landlock), EPERM);
    if (options->has_signal_scope) return;
    deny_each(p, kept_by_signal_scope, COUNT(kept_by_signal_scope), EPERM);
    // The owner of a descriptor gets a signal of the setter's choice when it becomes readable.
    static const uint32_t owners[] = {
        8,   // F_SETOWN
        10,  // F_SETSIG
        15,  // F_SETOWN_EX
    };
    when(p, equal_to(SYS_fcntl));
    load_argument(p, 1);
    deny_each(p, owners, COUNT(owners), EPERM);
    allow(p);
    end(p);
}

size_t hoopx_filter_build(const struct hoopx_filter_options *options, struct sock_filter *code, size_t capacity) {
    struct program program = {.code = code, .capacity = capacity};
    struct program *p = &program;
    check_architecture(p);
    check_number(p);
    // First of those that depend on their arguments, which the kernel runs the program for each time: programs call
    // nothing of these as often.
    check_sends(p);
    check_connections(p);
    if (options->notifies_executions) check_executions(p);
    if (options->notifies_mounts) check_mounts(p);
    if (options->notifies_namespaces) check_namespaces(p);
    check_sockets(p, options);
    check_socket_options(p);
    check_ioctl(p, options->has_signal_scope);
    check_prctl(p);
    check_prlimit(p);
    check_signals(p, options);
    check_priorities(p, options);
    check_whole_calls(p, options);
    allow(p);
    return program.has_overflowed ? 0 : program.length;
}

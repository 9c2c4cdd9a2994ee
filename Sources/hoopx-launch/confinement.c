#include "launch.h"

#include <CHoopxFilter.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

// An inherited socket is not the filter's: a datagram socket could be sent from to anywhere, a TCP socket could be
// connected elsewhere or is connected already. Connected unix streams are what sshd and Node give their children.
int refuse_internet_streams(void) {
    for (int stream = 0; stream <= 2; stream++) {
        int domain, type;
        socklen_t length = sizeof(int);
        if (getsockopt(stream, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0) continue;  // not a socket
        if (getsockopt(stream, SOL_SOCKET, SO_TYPE, &type, &length) < 0) return errno;
        if (domain != AF_UNIX || type == SOCK_DGRAM) return ENOTSUP;
    }
    return 0;
}

// What root keeps: enough to install packages and to change users. Everything else could undo the sandbox, or reach
// into the machine's network, kernel and processes.
static const unsigned int kept_capabilities[] = {
    CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FOWNER,  CAP_FSETID,           CAP_KILL,       CAP_SETGID,
    CAP_SETUID,  CAP_SETPCAP,      CAP_SETFCAP, CAP_NET_BIND_SERVICE, CAP_SYS_CHROOT, CAP_AUDIT_WRITE,
};

// Capabilities go out of the process's sets and out of the bounding set, from which an execve as root would refill
// them. Without CAP_SETPCAP the bounding set stays, and no_new_privs alone keeps execve from giving any.
int drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, sets) < 0) return errno;
    uint32_t kept[_LINUX_CAPABILITY_U32S_3] = {0};
    for (size_t i = 0; i < COUNT(kept_capabilities); i++)
        kept[CAP_TO_INDEX(kept_capabilities[i])] |= CAP_TO_MASK(kept_capabilities[i]);

    if (sets[CAP_TO_INDEX(CAP_SETPCAP)].effective & CAP_TO_MASK(CAP_SETPCAP)) {
        // The kernel's own last capability ends the loop: a newer one than this program knows goes too.
        for (unsigned int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
            if (kept[CAP_TO_INDEX(capability)] & CAP_TO_MASK(capability)) continue;
            if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) return errno;
        }
    }
    for (size_t i = 0; i < COUNT(sets); i++) {
        sets[i].effective &= kept[i];
        sets[i].permitted &= kept[i];
        sets[i].inheritable &= kept[i];
    }
    return syscall(SYS_capset, &header, sets) < 0 ? errno : 0;
}

// struct landlock_ruleset_attr as of ABI 6; <linux/landlock.h> of Debian 12 knows ABI 2. A kernel takes a longer
// structure than it knows if the rest is zero.
struct ruleset {
    uint64_t file_rights;
    uint64_t network_rights;
    uint64_t scopes;
};
enum { RIGHT_CONNECT_TCP = 1 << 1, SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, SCOPE_SIGNAL = 1 << 1 };
enum { ABI_WITH_REFER = 2, ABI_WITH_NETWORK = 4, ABI_WITH_SCOPES = 6 };

// The right to move a file to another directory is the one that every domain over files takes away, and that a domain
// over other things takes away as soon as a second one rules over files. So it is given back for all of them.
static int allow_every_move(int ruleset) {
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_REFER,
        .parent_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
    };
    if (rule.parent_fd < 0) return errno;
    long added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int error = added < 0 ? errno : 0;
    close(rule.parent_fd);
    return error;
}

// The second layer. Any domain keeps its processes from tracing, and reading the memory of, processes outside. TCP
// connects are the supervisor's to make, on the target's sockets, so that the target needs none of its own.
// `abi` becomes 0 where the kernel has no Landlock: hoopx refuses such kernels before it comes to this.
int enter_landlock_domain(bool has_file_rules, int *abi) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *abi = version < ABI_WITH_REFER ? 0 : (int)version;
    if (!*abi) return 0;
    struct ruleset rules = {0};
    if (*abi >= ABI_WITH_NETWORK) rules.network_rights = RIGHT_CONNECT_TCP;
    // Before it could rule over the network a domain had to rule over files, and nested sandboxes cannot mount there.
    if (*abi < ABI_WITH_NETWORK || has_file_rules) rules.file_rights = LANDLOCK_ACCESS_FS_REFER;
    if (*abi >= ABI_WITH_SCOPES) rules.scopes = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;

    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (ruleset < 0) return errno;
    int error = rules.file_rights ? allow_every_move(ruleset) : 0;
    if (!error && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0) error = errno;
    close(ruleset);
    return error;
}

// The file rules are a domain of their own on top of that one, so that a run can do without them. Where there are rules
// the kernel refuses to mount and to pivot the root.
int restrict_files(int ruleset) {
    if (ruleset < 0) return 0;
    return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? errno : 0;
}

// A signal to a thread whose notification the supervisor has taken up waits for the answer, unless it kills
// (WAIT_KILLABLE_RECV): the supervisor may have connected the socket, and a restarted connect would say EISCONN.
int install_filter(const struct target *target, int landlock_abi, int *listener) {
    struct hoopx_filter_options options = {
        .supervisor = target->supervisor,
        .guardian = target->guardian,
        .notifies_datagrams = target->notifies_datagrams,
        .notifies_streams = target->notifies_streams,
        .notifies_executions = target->notifies_executions,
        .notifies_mounts = target->file_rules >= 0,
        .notifies_namespaces = target->file_rules >= 0 && geteuid() == 0,
        .has_landlock = landlock_abi > 0,
        .has_signal_scope = landlock_abi >= ABI_WITH_SCOPES,
    };
    struct sock_filter code[HOOPX_FILTER_CAPACITY];
    size_t length = hoopx_filter_build(&options, code, COUNT(code));
    if (!length) return E2BIG;
    struct sock_fprog program = {.len = (unsigned short)length, .filter = code};
    long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    *listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    return *listener < 0 ? errno : 0;
}

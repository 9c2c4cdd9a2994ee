/* notifier run --config FILE -- COMMAND...: stands in hoopx's place, as hoopx would be if a fault made it let every
 * trapped call continue. The command gets hoopx's seccomp filter and, unless NO_LANDLOCK is set, loses what
 * hoopx-launch takes away by Landlock: the right to connect TCP sockets.
 * notifier own COMMAND...: traps connect(2) with a filter of its own and lets it continue; says so where it cannot. */
#include <CHoopxFilter.h>
#include <errno.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *step) {
    fprintf(stderr, "notifier: %s: %s\n", step, strerror(errno));
    exit(125);
}

/* LANDLOCK_ACCESS_NET_CONNECT_TCP, in a ruleset as of ABI 4, without a rule that gives it back. */
static void forbid_connects(void) {
    struct {
        unsigned long long files, network;
    } rules = {.network = 2};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (ruleset < 0 || syscall(SYS_landlock_restrict_self, ruleset, 0) < 0) fail("Landlock");
}

static struct sock_fprog hoopxs_filter(void) {
    static struct sock_filter code[HOOPX_FILTER_CAPACITY];
    struct hoopx_filter_options options = {.supervisor = getppid(), .guardian = getppid(), .notifies_datagrams = true,
                                           .has_landlock = true, .has_signal_scope = true};
    return (struct sock_fprog){(unsigned short)hoopx_filter_build(&options, code, HOOPX_FILTER_CAPACITY), code};
}

static struct sock_fprog own_filter(void) {
    static struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return (struct sock_fprog){sizeof code / sizeof *code, code};
}

static void let_everything_continue(int listener) {
    struct pollfd watched = {.fd = listener, .events = POLLIN};
    while (poll(&watched, 1, -1) > 0 && !(watched.revents & POLLHUP)) {
        struct seccomp_notif call = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0) continue;
        struct seccomp_notif_resp answer = {.id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

int main(int count, char **arguments) {
    int is_own = count > 1 && strcmp(arguments[1], "own") == 0;
    char **command = arguments + (is_own ? 2 : 5);
    int pipes[2];
    if (count < 3 || pipe(pipes) < 0) fail("usage");
    /* The child's descriptors are ours until it executes. */
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (child < 0) fail("clone");
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail("no_new_privs");
        if (!is_own && !getenv("NO_LANDLOCK")) forbid_connects();
        struct sock_fprog program = is_own ? own_filter() : hoopxs_filter();
        int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
        if (listener < 0) printf("no listener: %s\n", strerror(errno));
        /* A filter that notifies nobody: the calls fail, or hoopx's filter decides. */
        if (listener < 0 && is_own) syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
        fflush(stdout);
        if (write(pipes[1], &listener, sizeof listener) != sizeof listener) fail("telling the listener");
        execvp(command[0], command);
        fail(command[0]);
    }
    int listener, status;
    if (read(pipes[0], &listener, sizeof listener) != sizeof listener) fail("hearing of the listener");
    if (listener >= 0) let_everything_continue(listener);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

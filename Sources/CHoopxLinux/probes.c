#include "probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int hoopx_probe_landlock(void) {
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 0 ? -errno : 0;
}

struct findings {
    int listener;
    int injection;
};

// The flags are checked before the descriptor (EBADF), and that before the notification (ENOENT).
static int probe_injection(int listener) {
    struct seccomp_notif_addfd request = {.flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = UINT32_MAX};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &request) < 0 && errno != EBADF ? errno : 0;
}

static struct findings install_filter(void) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = 1, .filter = &allow};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return (struct findings){.listener = errno};
    long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (listener < 0) return (struct findings){.listener = errno};
    return (struct findings){.injection = probe_injection(listener)};
}

int hoopx_probe_listener(int *injection) {
    int ends[2];
    if (pipe(ends) < 0) return -errno;
    // The caller may have other threads: the child makes system calls only.
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    if (child == 0) {
        struct findings found = install_filter();
        _exit(write(ends[1], &found, sizeof found) != sizeof found);
    }
    close(ends[1]);
    struct findings found;
    // A child that a filter around it has killed says nothing.
    if (read(ends[0], &found, sizeof found) != sizeof found) found = (struct findings){.listener = EIO};
    close(ends[0]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    *injection = -found.injection;
    return -found.listener;
}

int hoopx_let_be_traced(bool is_allowed) {
    return prctl(PR_SET_PTRACER, is_allowed ? PR_SET_PTRACER_ANY : 0, 0, 0, 0) < 0 ? -errno : 0;
}

int hoopx_open_terminal(int *slave) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -errno;
    *slave = unlockpt(master) < 0 ? -1 : ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave >= 0) return master;
    int error = errno;
    close(master);
    return -error;
}

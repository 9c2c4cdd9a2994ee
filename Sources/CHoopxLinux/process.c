#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Newer than the headers that hoopx is built with (Debian 12: 6.1).
#define HOOPX_PIDFD_THREAD O_EXCL
#define HOOPX_LANDLOCK_CREATE_RULESET_VERSION 1u

static int result_of(long result) { return result < 0 ? -errno : (int)result; }

int hoopx_pidfd_open(int32_t pid) { return result_of(syscall(SYS_pidfd_open, pid, 0)); }

int hoopx_pidfd_open_thread(int32_t thread) {
    return result_of(syscall(SYS_pidfd_open, thread, HOOPX_PIDFD_THREAD));
}

// struct pidfd_info as of 6.13, and its request; Debian 12's headers are older.
struct pidfd_info_of_6_13 {
    uint64_t mask;
    uint64_t cgroup;
    uint32_t pid, tgid, ppid;
    uint32_t user_and_group_ids[8];
    uint32_t reserved;
};
#define PIDFD_GET_INFO_OF_6_13 _IOWR(0xff, 11, struct pidfd_info_of_6_13)

int hoopx_process_and_parent(int32_t number, int32_t *process, int32_t *parent) {
    struct pidfd_info_of_6_13 info = {.mask = 1};  // PIDFD_INFO_PID
    int pidfd = hoopx_pidfd_open(number);
    if (pidfd < 0) return pidfd;
    int error = ioctl(pidfd, PIDFD_GET_INFO_OF_6_13, &info) < 0 ? errno : 0;
    close(pidfd);
    *process = (int32_t)info.tgid;
    *parent = (int32_t)info.ppid;
    return -error;
}

bool hoopx_is_process(int32_t number) { return syscall(SYS_tgkill, number, number, 0) == 0; }

int hoopx_pidfd_getfd(int pidfd, int descriptor) {
    return result_of(syscall(SYS_pidfd_getfd, pidfd, descriptor, 0));
}

int hoopx_pidfd_send_signal(int pidfd, int signal) {
    return result_of(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int hoopx_pipe(int *ends) { return result_of(pipe2(ends, O_CLOEXEC)); }

int hoopx_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return result_of(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

int hoopx_set_dumpable(bool is_dumpable) { return result_of(prctl(PR_SET_DUMPABLE, is_dumpable, 0, 0, 0)); }

int hoopx_become_subreaper(void) { return result_of(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }

int hoopx_landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, HOOPX_LANDLOCK_CREATE_RULESET_VERSION);
    return abi < 0 ? 0 : (int)abi;
}

int hoopx_has_user_notification(void) {
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int hoopx_has_wait_killable(void) {
    // Flags are checked before the program is read: a null program gives EFAULT for known flags, EINVAL for others.
    long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) < 0 && errno == EFAULT;
}

int hoopx_probe_pidfd_getfd(void) {
    long result = syscall(SYS_pidfd_getfd, -1, 0, 0);
    return result < 0 && errno != EBADF ? -errno : 0;
}

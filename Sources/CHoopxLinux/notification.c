#include "notification.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static int receive(int listener, struct hoopx_notification *notification) {
    struct seccomp_notif kernel;
    // The kernel refuses a structure that is not zero, so that a later version can pass something in.
    memset(&kernel, 0, sizeof kernel);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &kernel) < 0) return -errno;
    notification->id = kernel.id;
    notification->thread = (int32_t)kernel.pid;
    notification->call = kernel.data.nr;
    _Static_assert(sizeof notification->arguments == sizeof kernel.data.args, "six registers");
    memcpy(notification->arguments, kernel.data.args, sizeof kernel.data.args);
    return 0;
}

int hoopx_notification_receive(int listener, int end, struct hoopx_notification *notification) {
    for (;;) {
        struct pollfd watched[] = {{.fd = listener, .events = POLLIN}, {.fd = end, .events = POLLIN}};
        int ready = poll(watched, 2, -1);
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0 || watched[1].revents || !(watched[0].revents & POLLIN)) return -ESHUTDOWN;
        int result = receive(listener, notification);
        // The caller was killed before we came to it.
        if (result != -ENOENT && result != -EINTR && result != -EAGAIN) return result;
    }
}

// Linux 6.6; Debian 12's headers are older.
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

int hoopx_notification_wake_on_same_cpu(int listener) {
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) < 0 ? -errno : 0;
}

int hoopx_notification_answer(int listener, uint64_t id, int64_t result, int error) {
    struct seccomp_notif_resp answer = {.id = id, .val = error ? 0 : result, .error = -error};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 ? -errno : 0;
}

int hoopx_notification_continue(int listener, uint64_t id) {
    struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 ? -errno : 0;
}

int hoopx_notification_is_valid(int listener, uint64_t id) {
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int hoopx_notification_inject(int listener, uint64_t id, int descriptor, bool closes_on_exec) {
    struct seccomp_notif_addfd request = {
        .id = id,
        .flags = SECCOMP_ADDFD_FLAG_SEND,
        .srcfd = (uint32_t)descriptor,
        .newfd_flags = closes_on_exec ? O_CLOEXEC : 0,
    };
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &request) < 0 ? -errno : 0;
}

ptrdiff_t hoopx_read_memory(int32_t thread, uint64_t address, void *bytes, size_t length) {
    struct iovec here = {.iov_base = bytes, .iov_len = length};
    struct iovec there = {.iov_base = (void *)(uintptr_t)address, .iov_len = length};
    ssize_t count = process_vm_readv(thread, &here, 1, &there, 1, 0);
    return count < 0 ? -errno : count;
}

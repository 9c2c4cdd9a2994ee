// Processes, descriptors of other processes, and what the kernel can do.
#pragma once

#include <linux/openat2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A descriptor for a process (pidfd_open(2)). -EINVAL, since 6.9 -ENOENT: the number is a thread's that does not lead its
// process.
int hoopx_pidfd_open(int32_t pid);

// A descriptor for one thread, with its own descriptor table (PIDFD_THREAD, 6.9; -EINVAL before).
int hoopx_pidfd_open_thread(int32_t thread);

// A process's number and its parent's, in hoopx's pid namespace (PIDFD_GET_INFO). -ENOTTY before 6.13; as above where the
// number is not that of a process but of another thread.
int hoopx_process_and_parent(int32_t number, int32_t *process, int32_t *parent);

// Whether a number is that of a process, and not that of another thread than its first. It is cheaper to ask than for a
// descriptor.
bool hoopx_is_process(int32_t number);

// A duplicate of another process's descriptor, with close-on-exec set (pidfd_getfd(2)).
int hoopx_pidfd_getfd(int pidfd, int descriptor);

// -ESRCH: the process has ended and was reaped.
int hoopx_pidfd_send_signal(int pidfd, int signal);

// A pipe whose ends, the reading one first, close on exec (pipe2(2)).
int hoopx_pipe(int *ends);

// openat2(2); flags as open(2), resolve as RESOLVE_*.
int hoopx_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

// PR_SET_DUMPABLE for the calling process.
int hoopx_set_dumpable(bool is_dumpable);

// PR_SET_CHILD_SUBREAPER for the calling process.
int hoopx_become_subreaper(void);

// The kernel's Landlock ABI, 0 where it has none or it is off (-errno never).
int hoopx_landlock_abi(void);

// 1 where the kernel knows SECCOMP_RET_USER_NOTIF (5.0), else 0.
int hoopx_has_user_notification(void);

// 1 where the kernel knows SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (5.19), else 0.
int hoopx_has_wait_killable(void);

// 0 where pidfd_getfd can be called at all (5.6), else -ENOSYS, or -EPERM where a container's filter refuses it.
int hoopx_probe_pidfd_getfd(void);

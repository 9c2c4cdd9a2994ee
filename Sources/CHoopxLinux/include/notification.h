// The supervisor's side of seccomp user notification (seccomp_unotify(2)).
#pragma once

#include <asm/unistd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The numbers, on this architecture, of the calls that the filter hands to the supervisor.
enum hoopx_trapped_call {
    HOOPX_CALL_CONNECT = __NR_connect,
    HOOPX_CALL_LISTEN = __NR_listen,
    HOOPX_CALL_SOCKET = __NR_socket,
    HOOPX_CALL_EXECVE = __NR_execve,
    HOOPX_CALL_EXECVEAT = __NR_execveat,
    HOOPX_CALL_MOUNT = __NR_mount,
    HOOPX_CALL_MOVE_MOUNT = __NR_move_mount,
    HOOPX_CALL_PIVOT_ROOT = __NR_pivot_root,
    HOOPX_CALL_CLONE = __NR_clone,
    HOOPX_CALL_UNSHARE = __NR_unshare,
};

// The flag of clone and unshare that makes a user namespace (CLONE_NEWUSER).
enum { HOOPX_NEW_USER_NAMESPACE = 0x10000000 };

// A system call that waits for its answer. The arguments are registers: the target cannot change them any more, but can
// change what they point to. Only the low 32 bits of an int argument count.
struct hoopx_notification {
    uint64_t id;
    // The calling thread, in hoopx's pid namespace.
    int32_t thread;
    int32_t call;
    uint64_t arguments[6];
};

// Waits for the next notification, or until `end` becomes readable. -ESHUTDOWN: it did, or the last process under the
// filter is gone (since 5.8).
int hoopx_notification_receive(int listener, int end, struct hoopx_notification *notification);

// Lets the target and the supervisor wake each other on the same processor (6.6, else -EINVAL): each of them waits for
// the other anyway, and a second processor would only have to be woken.
int hoopx_notification_wake_on_same_cpu(int listener);

// Answers with a result (error 0), or with a positive errno. -ENOENT: the target is gone or does not wait any more.
int hoopx_notification_answer(int listener, uint64_t id, int64_t result, int error);

// Lets the kernel carry the call out (SECCOMP_USER_NOTIF_FLAG_CONTINUE, 5.5). It reads the target's memory and descriptors
// anew, which need not be what they were: only for a call on which nothing was decided. -ENOENT as above.
int hoopx_notification_continue(int listener, uint64_t id);

// Whether the target still waits: 1, or 0 where it is gone and everything read about its thread may belong to another.
int hoopx_notification_is_valid(int listener, uint64_t id);

// Gives the target a duplicate of `descriptor` and answers with its number there, in one step (5.14).
int hoopx_notification_inject(int listener, uint64_t id, int descriptor, bool closes_on_exec);

// Reads up to `length` bytes of a thread's memory (process_vm_readv(2)). Returns how many; fewer than asked where the
// rest is not mapped, -EFAULT where nothing is.
ptrdiff_t hoopx_read_memory(int32_t thread, uint64_t address, void *bytes, size_t length);

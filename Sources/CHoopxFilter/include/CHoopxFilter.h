// The seccomp filter of the target: a classic BPF program that answers by system call number and register arguments.
//
// What it hands to the supervisor (SECCOMP_RET_USER_NOTIF): connect, listen and, where datagram sockets can be made
// elsewhere, socket for datagrams of the internet families; where it is asked for, socket for streams, execve and execveat,
// mount, move_mount and pivot_root, clone and unshare with a user or mount namespace too. The table is in filter.c.
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hoopx_filter_options {
    // Processes that the target must not signal, in its pid namespace.
    int32_t supervisor;
    int32_t guardian;
    // Datagram sockets of AF_INET and AF_INET6 are the supervisor's to make; else they are denied.
    bool notifies_datagrams;
    // Stream sockets of AF_INET, AF_INET6 and AF_UNIX are the supervisor's to make, because it could not get hold of them
    // later.
    bool notifies_streams;
    // The supervisor sees each execve and execveat, and lets it go on.
    bool notifies_executions;
    // File rules keep the target from mounting: the supervisor refuses it, to be able to tell.
    bool notifies_mounts;
    // They keep a target that is root from making use of a user or mount namespace too: likewise.
    bool notifies_namespaces;
    // A Landlock domain keeps the target from looking into other processes...
    bool has_landlock;
    // ...and from signalling them (LANDLOCK_SCOPE_SIGNAL). Where they are missing the filter denies the calls that do.
    bool has_signal_scope;
};

// More than any program needs; the kernel's own limit is BPF_MAXINSNS (4096).
#define HOOPX_FILTER_CAPACITY 512

// Writes the program. Returns the number of its instructions, or 0 where `capacity` does not hold them.
size_t hoopx_filter_build(const struct hoopx_filter_options *options, struct sock_filter *code, size_t capacity);

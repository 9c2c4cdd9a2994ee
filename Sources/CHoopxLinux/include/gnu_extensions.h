// Functions of glibc that Swift's Glibc module leaves out, because they are GNU extensions.
#pragma once

#include <stdint.h>

// The symbol of an errno ("ENOENT") and its English description, or null for an unknown number.
const char *hoopx_error_symbol(int error);
const char *hoopx_error_description(int error);

// The symbol of a signal without its prefix ("TERM"), or null for a number that is none.
const char *hoopx_signal_symbol(int signal);

// Names the calling thread; the kernel keeps the first 15 bytes.
void hoopx_name_thread(const char *name);

// Has this process look names of hosts up with these services (nsswitch.conf(5)), whatever the file says later, and without
// nscd(8). -1 where they cannot be read.
int hoopx_configure_host_lookup(const char *services);

// File actions (posix_spawn_file_actions_t) of posix_spawn(3): the child's working directory, and closing each descriptor from `first` on.
int hoopx_spawn_change_directory(void *actions, const char *directory);
int hoopx_spawn_close_from(void *actions, int first);

// Sets of signals are bit sets here: bit n-1 for signal n.

// The signals that the calling process ignores, and those that the calling thread blocks.
uint64_t hoopx_ignored_signals(void);
uint64_t hoopx_blocked_signals(void);

// A non-blocking signalfd(2) for the signals of the set, which it also blocks in the calling thread.
int hoopx_collect_signals(uint64_t set);

struct hoopx_signal {
    int32_t number;
    // si_code: SI_KERNEL (0x80) from the terminal or the kernel, SI_USER (0) from kill(2).
    int32_t code;
    // The sending process, or 0.
    int32_t sender;
};

// The next collected signal. -EAGAIN: none waits.
int hoopx_next_signal(int descriptor, struct hoopx_signal *signal);

// What a thread that waits in execve(2) is about to execute, out of its memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    // The longest path with its end (PATH_MAX).
    HOOPX_PATH_CAPACITY = 4096,
    // How many arguments are read, and how much of all of them.
    HOOPX_ARGUMENT_COUNT = 256,
    HOOPX_ARGUMENT_CAPACITY = 16 << 10,
};

struct hoopx_execution {
    // The caller's, with room for as many as above.
    char *path, *arguments;
    uint32_t *ends;

    // The path's length; -1 where it cannot be read, or is too long.
    ptrdiff_t path_length;
    // How many arguments stand in `arguments`, one behind the other without ends; where each ends is in `ends`.
    size_t count;
    // There are more arguments, or longer ones, or they cannot be read.
    bool is_truncated;
};

// Reads the path and the arguments, once, in as few calls as can be: the target waits. A null array is an empty one.
void hoopx_read_execution(int32_t thread, uint64_t path, uint64_t arguments, struct hoopx_execution *execution);

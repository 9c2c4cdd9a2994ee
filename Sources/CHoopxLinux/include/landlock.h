// Landlock rulesets over files (landlock(7)). What a ruleset handles is denied everywhere but below the files that a rule
// names; there is no rule that denies.
#pragma once

#include <stdint.h>

// LANDLOCK_ACCESS_FS_*, the rights of ABI 1 to 3; <linux/landlock.h> of Debian 12 ends with ABI 2.
enum hoopx_landlock_right {
    HOOPX_LANDLOCK_EXECUTE = 1 << 0,
    HOOPX_LANDLOCK_WRITE_FILE = 1 << 1,
    HOOPX_LANDLOCK_READ_FILE = 1 << 2,
    HOOPX_LANDLOCK_READ_DIRECTORY = 1 << 3,
    // Removing and making entries of any kind.
    HOOPX_LANDLOCK_CHANGE_DIRECTORY = 0x1ff << 4,
    // To another directory (ABI 2).
    HOOPX_LANDLOCK_MOVE = 1 << 13,
    // ABI 3.
    HOOPX_LANDLOCK_TRUNCATE = 1 << 14,
};

// A new ruleset, whose descriptor closes on exec, or -errno.
int hoopx_landlock_create(uint64_t handled_rights);

// Gives rights to a file, or to everything below a directory. `file` may be open with O_PATH. 0, or -errno (-EINVAL: a
// right that only a directory has, for a file; -EBADFD: a file that no path leads to).
int hoopx_landlock_allow(int ruleset, int file, uint64_t rights);

#ifndef HOOPX_PATTERN_SCANNER_H
#define HOOPX_PATTERN_SCANNER_H

/* Vectorscan: the interface is that of Hyperscan 5 (its developer reference is the manual). */
#include <hs/hs.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * How many bytes at the start of a text stand for themselves: up to the first percent sign or byte of a character that
 * is not ASCII, and up to the first backslash where there are backslash escapes.
 */
size_t hoopx_plain_length(const unsigned char *text, size_t length, bool backslash_escapes);

/*
 * Where the first run of at least `minimum` bytes begins of which `members` is not 0, at or behind `start`, which is where
 * a run may begin. If less than `minimum` bytes follow the result, there is none, and it is where to go on once there are
 * more.
 */
size_t hoopx_find_run(const unsigned char *text, size_t length, size_t start, size_t minimum, const unsigned char *members);

#endif

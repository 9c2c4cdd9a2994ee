#include "pattern_scanner.h"

#include <stdint.h>
#include <string.h>

/* Eight bytes at a time: a byte's top bit is set in the result where it equals the value (no false positive below one). */
static uint64_t equal_bytes(uint64_t word, unsigned char value)
{
    uint64_t difference = word ^ (0x0101010101010101u * value);
    return (difference - 0x0101010101010101u) & ~difference & 0x8080808080808080u;
}

size_t hoopx_plain_length(const unsigned char *text, size_t length, bool backslash_escapes)
{
    /* A percent sign twice where a backslash stands for itself. */
    const unsigned char other = backslash_escapes ? '\\' : '%';
    size_t offset = 0;
    for (; offset + 8 <= length; offset += 8) {
        uint64_t word;
        memcpy(&word, text + offset, sizeof word);
        if (((word & 0x8080808080808080u) | equal_bytes(word, '%') | equal_bytes(word, other)) != 0) {
            break;
        }
    }
    while (offset < length && text[offset] < 0x80 && text[offset] != '%' && text[offset] != other) {
        offset += 1;
    }
    return offset;
}

size_t hoopx_find_run(const unsigned char *text, size_t length, size_t start, size_t minimum, const unsigned char *members)
{
    /* From the end of what would be a run backwards: mostly a byte near it is no member, and the rest is skipped. */
    while (length >= minimum && start <= length - minimum) {
        size_t end = start + minimum;
        while (end > start && members[text[end - 1]] != 0) {
            end -= 1;
        }
        if (end == start) {
            return start;
        }
        start = end;
    }
    return start;
}

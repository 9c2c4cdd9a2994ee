#ifndef HOOPX_PATTERN_SCANNER_H
#define HOOPX_PATTERN_SCANNER_H

/* Vectorscan: the interface is that of Hyperscan 5 (its developer reference is the manual). */
#include <hs/hs.h>
#include <stdbool.h>
#include <stddef.h>

/* Where the distance between a view and the bytes that it was decoded from changes. */
struct hoopx_step {
    /* From here on each byte of the view stands for itself, */
    size_t view;
    /* from here on in the bytes. */
    size_t raw;
    /* Where what the byte before stands for ends. */
    size_t raw_end_before;
};

/* A view that is being decoded; offsets are absolute. */
struct hoopx_view {
    size_t view;
    size_t raw;
    /* Where the next byte would begin if it followed the last one, and where what the last one stands for ends. */
    size_t next;
    size_t last_end;
    struct hoopx_step *steps;
    size_t step_count;
    size_t step_capacity;
};

/*
 * Decodes what is simple: bytes of ASCII that stand for themselves, and JSON's escapes of two bytes, but for that of the
 * backslash. It goes on up to anything else (a percent sign, a NUL, a byte of a character that is not ASCII, another
 * escape), to the end of the bytes or of the room, or until there is no room for a step. Returns how many bytes it took;
 * `view->view` tells how many it wrote.
 */
size_t hoopx_decode_simple(
    const unsigned char *bytes, size_t length, unsigned char *output, size_t room, bool is_json, struct hoopx_view *view);

enum { HOOPX_BASE64_RUN = 24 };

/*
 * Where the first run of at least HOOPX_BASE64_RUN bytes of base64's two alphabets (RFC 4648, 4 and 5) begins, at or
 * behind `start`, which is where a run may begin. If less than HOOPX_BASE64_RUN bytes follow the result, there is none,
 * and it is where to go on once there are more.
 */
size_t hoopx_find_base64(const unsigned char *text, size_t length, size_t start);

#endif

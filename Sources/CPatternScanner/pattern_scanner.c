#include "pattern_scanner.h"

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { WIDTH = 16 };

/* Whether a byte stands for itself: ASCII, but for NUL, which stands for nothing, and for what begins an escape. */
static bool is_plain(unsigned char byte, unsigned char special)
{
    return byte != 0 && byte < 0x80 && byte != '%' && byte != special;
}

/* Copies WIDTH bytes, and returns how many of them stand for themselves, up to the first that does not. */
static size_t copy_plain(const unsigned char *bytes, unsigned char *output, unsigned char special)
{
#ifdef __SSE2__
    const __m128i part = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    _mm_storeu_si128((__m128i *)(void *)output, part);
    const __m128i found =
        _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('%')), _mm_cmpeq_epi8(part, _mm_set1_epi8((char)special)));
    const __m128i other = _mm_or_si128(_mm_cmpeq_epi8(part, _mm_setzero_si128()), part);
    /* The top bits of the bytes: of what is equal, and of what is not ASCII. */
    const unsigned int mask = (unsigned int)_mm_movemask_epi8(_mm_or_si128(found, other));
    return mask == 0 ? WIDTH : (size_t)__builtin_ctz(mask);
#else
    size_t count = 0;
    memcpy(output, bytes, WIDTH);
    while (count < WIDTH && is_plain(bytes[count], special)) {
        count += 1;
    }
    return count;
#endif
}

static unsigned char simple_escape(unsigned char letter)
{
    switch (letter) {
    case '"':
    case '/':
        return letter;
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return 0;
    }
}

/* Notes where the next byte of the view comes from, if it does not follow the last one. */
static void step(struct hoopx_view *view, size_t raw)
{
    if (raw != view->next) {
        view->steps[view->step_count] = (struct hoopx_step){view->view, raw, view->last_end};
        view->step_count += 1;
    }
}

size_t hoopx_decode_simple(
    const unsigned char *bytes, size_t length, unsigned char *output, size_t room, bool is_json, struct hoopx_view *view)
{
    /* A percent sign twice where a backslash stands for itself. */
    const unsigned char special = is_json ? '\\' : '%';
    const size_t origin = view->raw;
    size_t taken = 0;
    size_t written = 0;
    while (taken < length && written < room && view->step_count < view->step_capacity) {
        const size_t start = taken;
        size_t count = WIDTH;
        while (count == WIDTH && taken + WIDTH <= length && written + WIDTH <= room) {
            count = copy_plain(bytes + taken, output + written, special);
            taken += count;
            written += count;
        }
        while (count == WIDTH && taken < length && written < room && is_plain(bytes[taken], special)) {
            output[written] = bytes[taken];
            taken += 1;
            written += 1;
        }
        if (taken > start) {
            step(view, origin + start);
            view->view += taken - start;
            view->next = origin + taken;
            view->last_end = view->next;
            continue;
        }
        const unsigned char escaped = bytes[taken] == '\\' && taken + 1 < length ? simple_escape(bytes[taken + 1]) : 0;
        if (escaped == 0 || !is_json) {
            break;
        }
        step(view, origin + taken);
        output[written] = escaped;
        written += 1;
        view->view += 1;
        view->next = origin + taken + 1;
        view->last_end = origin + taken + 2;
        taken += 2;
    }
    view->raw = origin + taken;
    return taken;
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

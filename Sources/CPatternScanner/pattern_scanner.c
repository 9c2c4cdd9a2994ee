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

static bool is_base64(unsigned char byte)
{
    /* The slash stands right before the digits. */
    return (unsigned char)((byte | 0x20) - 'a') < 26 || (unsigned char)(byte - '/') < 11 || byte == '+' || byte == '-'
           || byte == '_';
}

#ifdef __SSE2__
/* The same of WIDTH bytes, one bit each. */
static uint64_t base64_bits(const unsigned char *bytes)
{
    const __m128i part = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    const __m128i lower = _mm_or_si128(part, _mm_set1_epi8(0x20));
    /* Compared as signed numbers: what is not ASCII is less than all. */
    const __m128i letters =
        _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)), _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1)));
    const __m128i digits =
        _mm_and_si128(_mm_cmpgt_epi8(part, _mm_set1_epi8('/' - 1)), _mm_cmplt_epi8(part, _mm_set1_epi8('9' + 1)));
    const __m128i signs = _mm_or_si128(
        _mm_cmpeq_epi8(part, _mm_set1_epi8('_')),
        _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('+')), _mm_cmpeq_epi8(part, _mm_set1_epi8('-'))));
    return (uint64_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), signs));
}
#endif

size_t hoopx_find_base64(const unsigned char *text, size_t length, size_t start)
{
#ifdef __SSE2__
    enum { BLOCK = 4 * WIDTH };
    while (length >= BLOCK && start <= length - BLOCK) {
        const unsigned char *block = text + start;
        const uint64_t members = base64_bits(block) | base64_bits(block + WIDTH) << WIDTH
                                 | base64_bits(block + 2 * WIDTH) << 2 * WIDTH
                                 | base64_bits(block + 3 * WIDTH) << 3 * WIDTH;
        /* A bit says whether so many members begin at its byte. */
        const uint64_t two = members & members >> 1;
        const uint64_t four = two & two >> 2;
        const uint64_t eight = four & four >> 4;
        const uint64_t run = eight & eight >> 8 & eight >> 16;
        if (run != 0) {
            return start + (size_t)__builtin_ctzll(run);
        }
        /* A run may begin with the members at the block's end. */
        start += BLOCK - (size_t)__builtin_clzll(~members);
    }
#endif
    /* From the end of what would be a run backwards: mostly a byte near it is no member, and the rest is skipped. */
    while (length >= HOOPX_BASE64_RUN && start <= length - HOOPX_BASE64_RUN) {
        size_t end = start + HOOPX_BASE64_RUN;
        while (end > start && is_base64(text[end - 1])) {
            end -= 1;
        }
        if (end == start) {
            return start;
        }
        start = end;
    }
    return start;
}

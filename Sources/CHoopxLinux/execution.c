#include "execution.h"

#include <string.h>
#include <sys/uio.h>

// All that nearly every execution has is read in two calls: paths and arguments are short.
enum {
    PAGE = 4096,  // the smallest: the one behind a string's last need not exist
    FIRST_OF_PATH = 256,
    FIRST_POINTERS = 32,
    FIRST_OF_ARGUMENT = HOOPX_ARGUMENT_CAPACITY / HOOPX_ARGUMENT_COUNT,
    PART = 1024,
};

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t until_page_end(uint64_t address) { return PAGE - (address & (PAGE - 1)); }

static struct iovec stretch(uint64_t address, size_t length) {
    return (struct iovec){.iov_base = (void *)(uintptr_t)address, .iov_len = length};
}

static size_t read_memory(int32_t thread, const struct iovec *here, size_t parts, const struct iovec *there, size_t count) {
    ssize_t result = process_vm_readv(thread, here, parts, there, count, 0);
    return result < 0 ? 0 : (size_t)result;
}

// Reads on in a string of which `length` bytes are there, up to `capacity`. Returns whether its end was found.
static bool read_on(int32_t thread, uint64_t address, char *bytes, size_t *length, size_t capacity) {
    while (*length < capacity) {
        uint64_t next = address + *length;
        struct iovec there = stretch(next, least(least(capacity - *length, until_page_end(next)), PART));
        struct iovec here = {.iov_base = bytes + *length, .iov_len = there.iov_len};
        size_t read = read_memory(thread, &here, 1, &there, 1);
        if (read == 0) return false;
        const char *end = memchr(here.iov_base, 0, read);
        *length = end ? (size_t)(end - bytes) : *length + read;
        if (end) return true;
    }
    return false;
}

// Reads the path, and the first pointers in the same call as its beginning. Returns how many pointers were read.
static size_t read_beginning(
    int32_t thread, uint64_t path, uint64_t arguments, struct hoopx_execution *execution, uint64_t *pointers) {
    size_t of_path = least(FIRST_OF_PATH, until_page_end(path)), of_pointers = FIRST_POINTERS * sizeof *pointers;
    size_t near = least(of_pointers, until_page_end(arguments));
    struct iovec here[] = {
        {.iov_base = execution->path, .iov_len = of_path}, {.iov_base = pointers, .iov_len = of_pointers}};
    struct iovec there[] = {
        stretch(path, of_path), stretch(arguments, near), stretch(arguments + near, of_pointers - near)};
    size_t read = read_memory(thread, here, 2, there, 3);
    // Nothing is read behind what cannot be.
    size_t pointer_bytes = read > of_path ? read - of_path : read_memory(thread, here + 1, 1, there + 1, 2);

    size_t length = least(read, of_path);
    const char *end = memchr(execution->path, 0, length);
    if (end) length = (size_t)(end - execution->path);
    bool is_complete = end || read_on(thread, path, execution->path, &length, HOOPX_PATH_CAPACITY);
    execution->path_length = is_complete ? (ptrdiff_t)length : -1;
    return pointer_bytes / sizeof *pointers;
}

// How many pointers come before the null one; `limit` where there is none.
static size_t count_pointers(const uint64_t *pointers, size_t limit) {
    size_t count = 0;
    while (count < limit && pointers[count]) count++;
    return count;
}

// Reads the beginnings of all arguments in one call. Returns how many bytes; `lengths` says how many of each were asked for.
static size_t read_first_parts(int32_t thread, const uint64_t *pointers, size_t count, char *bytes, size_t *lengths) {
    struct iovec there[HOOPX_ARGUMENT_COUNT], here = {.iov_base = bytes};
    for (size_t i = 0; i < count; i++) {
        lengths[i] = least(FIRST_OF_ARGUMENT, until_page_end(pointers[i]));
        there[i] = stretch(pointers[i], lengths[i]);
        here.iov_len += lengths[i];
    }
    return count ? read_memory(thread, &here, 1, there, count) : 0;
}

// Puts the arguments one behind the other, and reads on where one is longer than its first part.
static void gather(int32_t thread, const uint64_t *pointers, size_t count, struct hoopx_execution *execution) {
    char parts[HOOPX_ARGUMENT_CAPACITY];
    size_t lengths[HOOPX_ARGUMENT_COUNT];
    size_t left = read_first_parts(thread, pointers, count, parts, lengths);
    size_t size = 0;
    const char *part = parts;
    for (size_t i = 0; i < count && !execution->is_truncated; part += lengths[i], left -= lengths[i], i++) {
        size_t room = HOOPX_ARGUMENT_CAPACITY - size;
        execution->is_truncated = left < lengths[i] || room == 0;
        if (execution->is_truncated) return;
        char *argument = execution->arguments + size;
        const char *end = memchr(part, 0, lengths[i]);
        size_t length = least(end ? (size_t)(end - part) : lengths[i], room);
        memcpy(argument, part, length);
        execution->is_truncated = !end && !read_on(thread, pointers[i], argument, &length, room);
        size += length;
        execution->ends[execution->count++] = (uint32_t)size;
    }
}

void hoopx_read_execution(int32_t thread, uint64_t path, uint64_t arguments, struct hoopx_execution *execution) {
    uint64_t pointers[HOOPX_ARGUMENT_COUNT + 1];
    execution->count = 0;
    size_t known = read_beginning(thread, path, arguments, execution, pointers);
    size_t count = count_pointers(pointers, known);
    if (count == FIRST_POINTERS) {
        struct iovec here = {.iov_base = pointers + count, .iov_len = sizeof pointers - count * sizeof *pointers};
        struct iovec there = stretch(arguments + count * sizeof *pointers, here.iov_len);
        known += read_memory(thread, &here, 1, &there, 1) / sizeof *pointers;
        count = count_pointers(pointers, known);
    }
    execution->is_truncated = false;
    size_t taken = least(count, HOOPX_ARGUMENT_COUNT);
    gather(thread, pointers, taken, execution);
    if (arguments && (count == known || taken < count)) execution->is_truncated = true;
}

// One packet with at most one descriptor (SCM_RIGHTS, unix(7)).
#pragma once

#include <stddef.h>

// Sends `length` bytes and, unless it is -1, `descriptor`. Returns 0 or -errno; never raises SIGPIPE.
int hoopx_send_packet(int socket, const void *bytes, size_t length, int descriptor);

// Receives a packet. Returns its length (0 at end of file), or -errno; -EMSGSIZE for one that is longer than `capacity`.
// `descriptor` (may be null) becomes the one that came with it, with close-on-exec set, or -1.
ptrdiff_t hoopx_receive_packet(int socket, void *bytes, size_t capacity, int *descriptor);

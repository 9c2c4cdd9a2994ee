#ifndef HOOPX_COMPRESSION_H
#define HOOPX_COMPRESSION_H

/* What content encodings (RFC 9110, 8.4.1; RFC 7932; RFC 8878) and stored bodies are made with. */
#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#endif

#include "CHoopxTestSupport.h"

#include <brotli/encode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

struct hoopx_test_compressor {
    BrotliEncoderState *brotli;
    ZSTD_CStream *zstandard;
    z_stream *zlib;
};

struct hoopx_test_compressor *hoopx_test_compressor_make(const char *coding) {
    struct hoopx_test_compressor *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    if (strcmp(coding, "br") == 0) {
        made->brotli = BrotliEncoderCreateInstance(NULL, NULL, NULL);
    } else if (strcmp(coding, "zstd") == 0) {
        made->zstandard = ZSTD_createCStream();
    } else {
        made->zlib = calloc(1, sizeof *made->zlib);
        /* 15 is the window, 16 more asks for gzip's frame instead of zlib's (which HTTP calls deflate). */
        int window = strcmp(coding, "gzip") == 0 ? 15 + 16 : 15;
        if (made->zlib != NULL
            && deflateInit2(made->zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
            free(made->zlib);
            made->zlib = NULL;
        }
    }
    if (made->brotli == NULL && made->zstandard == NULL && made->zlib == NULL) {
        free(made);
        return NULL;
    }
    return made;
}

void hoopx_test_compressor_free(struct hoopx_test_compressor *it) {
    if (it->brotli != NULL) BrotliEncoderDestroyInstance(it->brotli);
    if (it->zstandard != NULL) ZSTD_freeCStream(it->zstandard);
    if (it->zlib != NULL) deflateEnd(it->zlib);
    free(it->zlib);
    free(it);
}

long hoopx_test_compress(struct hoopx_test_compressor *it, const unsigned char *bytes, size_t count, int is_last,
                         unsigned char *room, size_t room_size) {
    size_t available = room_size;
    if (it->brotli != NULL) {
        BrotliEncoderOperation operation = is_last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH;
        if (!BrotliEncoderCompressStream(it->brotli, operation, &count, &bytes, &available, &room, NULL)) return -1;
        return count == 0 && available > 0 ? (long)(room_size - available) : -1;
    }
    if (it->zstandard != NULL) {
        ZSTD_inBuffer input = {bytes, count, 0};
        ZSTD_outBuffer output = {room, room_size, 0};
        size_t left = ZSTD_compressStream2(it->zstandard, &output, &input, is_last ? ZSTD_e_end : ZSTD_e_flush);
        return left == 0 ? (long)output.pos : -1;
    }
    it->zlib->next_in = (unsigned char *)bytes;
    it->zlib->avail_in = (unsigned)count;
    it->zlib->next_out = room;
    it->zlib->avail_out = (unsigned)room_size;
    int status = deflate(it->zlib, is_last ? Z_FINISH : Z_SYNC_FLUSH);
    return status == (is_last ? Z_STREAM_END : Z_OK) ? (long)(room_size - it->zlib->avail_out) : -1;
}

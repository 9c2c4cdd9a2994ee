#ifndef HOOPX_TIMESTAMP_H
#define HOOPX_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

/* What a verification found. */
enum hoopx_timestamp_result {
    HOOPX_TIMESTAMP_VALID,
    /* libcrypto.so.3 is not installed. */
    HOOPX_TIMESTAMP_NO_LIBRARY,
    /* It is no time-stamp response, or one that grants nothing. */
    HOOPX_TIMESTAMP_NO_TOKEN,
    /* The file of authorities cannot be read. */
    HOOPX_TIMESTAMP_NO_AUTHORITIES,
    /* It is of other data, of another request, or not signed by whom the authorities vouch for. */
    HOOPX_TIMESTAMP_INVALID,
};

/*
 * Verifies a time-stamp response (RFC 3161, 2.4.2) with libcrypto, as openssl-ts(1) does. The signer's certificate must
 * have been valid at the time that the token names, not now: tokens outlive certificates.
 *
 * The library is loaded now, not with the program: it costs no start where no time stamps are used.
 *
 * response: DER.
 * digest:   SHA-256 of the data that the token must be of, 32 bytes.
 * nonce:    the request's, 8 bytes; NULL where the request is long gone.
 * ca_path:  a PEM file of the authorities that vouch for the signer, and of certificates between.
 * time:     gets the token's time in seconds since 1970, where it is valid.
 * reason:   gets the library's words for what is wrong, cut where they are too long; empty where it has none.
 */
enum hoopx_timestamp_result hoopx_timestamp_verify(const unsigned char *response, size_t length,
                                                   const unsigned char digest[32], const unsigned char *nonce,
                                                   const char *ca_path, int64_t *time, char *reason,
                                                   size_t reason_size);

#endif

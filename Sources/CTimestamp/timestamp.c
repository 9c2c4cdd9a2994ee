#include "timestamp.h"

#include <dlfcn.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

/* What is used of the library: functions of both are in libcrypto.so.3. */
#define FUNCTIONS(F)                                                                                                   \
    F(d2i_TS_RESP) F(TS_RESP_free) F(TS_RESP_get_tst_info) F(TS_TST_INFO_get_time) F(TS_RESP_verify_response)           \
    F(TS_VERIFY_CTX_free) F(TS_VERIFY_CTX_add_flags) F(TS_VERIFY_CTX_set_store) F(TS_REQ_new) F(TS_REQ_free)            \
    F(TS_REQ_set_nonce) F(TS_REQ_set_version) F(TS_REQ_set_msg_imprint) F(TS_REQ_to_TS_VERIFY_CTX)                      \
    F(TS_MSG_IMPRINT_new) F(TS_MSG_IMPRINT_free)                                                                       \
    F(TS_MSG_IMPRINT_set_algo) F(TS_MSG_IMPRINT_set_msg) F(X509_ALGOR_new) F(X509_ALGOR_free) F(X509_ALGOR_set0)        \
    F(OBJ_nid2obj) F(ASN1_INTEGER_free) F(ASN1_TIME_to_tm) F(BN_bin2bn) F(BN_free) F(BN_to_ASN1_INTEGER)                \
    F(X509_STORE_new) F(X509_STORE_free) F(X509_STORE_load_locations) F(X509_STORE_get0_param)                          \
    F(X509_VERIFY_PARAM_set_time) F(ERR_clear_error) F(ERR_peek_last_error_all) F(ERR_reason_error_string)

struct library {
#define FIELD(name) __typeof__(&name) name;
    FUNCTIONS(FIELD)
#undef FIELD
};

static bool load(struct library *library) {
    /* Never closed: the library keeps what it makes for the whole process. */
    void *handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return false;
#define LOAD(name)                                                                                                     \
    library->name = (__typeof__(&name))dlsym(handle, #name);                                                            \
    if (library->name == NULL) return false;
    FUNCTIONS(LOAD)
#undef LOAD
    return true;
}

/* A request that asks for what the response must be of: the library derives from it what to verify. */
static TS_REQ *request_for(const struct library *library, const unsigned char digest[32], const unsigned char *nonce) {
    TS_REQ *request = library->TS_REQ_new();
    TS_MSG_IMPRINT *imprint = library->TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = library->X509_ALGOR_new();
    BIGNUM *number = nonce != NULL ? library->BN_bin2bn(nonce, 8, NULL) : NULL;
    ASN1_INTEGER *integer = number != NULL ? library->BN_to_ASN1_INTEGER(number, NULL) : NULL;
    bool made = request != NULL && imprint != NULL && algorithm != NULL && (nonce == NULL || integer != NULL) &&
                library->X509_ALGOR_set0(algorithm, library->OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) &&
                library->TS_MSG_IMPRINT_set_algo(imprint, algorithm) &&
                library->TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest, 32) &&
                library->TS_REQ_set_version(request, 1) && library->TS_REQ_set_msg_imprint(request, imprint) &&
                (integer == NULL || library->TS_REQ_set_nonce(request, integer));
    /* The request has copies of all of them. */
    library->ASN1_INTEGER_free(integer);
    library->BN_free(number);
    library->X509_ALGOR_free(algorithm);
    library->TS_MSG_IMPRINT_free(imprint);
    if (made) return request;
    library->TS_REQ_free(request);
    return NULL;
}

static bool time_of(const struct library *library, TS_RESP *response, time_t *time) {
    TS_TST_INFO *info = library->TS_RESP_get_tst_info(response);
    const ASN1_GENERALIZEDTIME *stated = info != NULL ? library->TS_TST_INFO_get_time(info) : NULL;
    struct tm parts;
    if (stated == NULL || !library->ASN1_TIME_to_tm(stated, &parts)) return false;
    *time = timegm(&parts);
    return true;
}

static enum hoopx_timestamp_result verify(const struct library *library, TS_RESP *response, TS_REQ *request,
                                          const char *ca_path, int64_t *time) {
    time_t stated;
    if (!time_of(library, response, &stated)) return HOOPX_TIMESTAMP_NO_TOKEN;
    X509_STORE *store = library->X509_STORE_new();
    if (store == NULL || !library->X509_STORE_load_locations(store, ca_path, NULL)) {
        library->X509_STORE_free(store);
        return HOOPX_TIMESTAMP_NO_AUTHORITIES;
    }
    library->X509_VERIFY_PARAM_set_time(library->X509_STORE_get0_param(store), stated);
    TS_VERIFY_CTX *context = library->TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    if (context == NULL) {
        library->X509_STORE_free(store);
        return HOOPX_TIMESTAMP_INVALID;
    }
    /* What a request asks for is version, data and nonce, where it has one; whose signature it is, is not part of it. */
    library->TS_VERIFY_CTX_add_flags(context, TS_VFY_SIGNATURE);
    /* The context owns the store. */
    library->TS_VERIFY_CTX_set_store(context, store);
    int result = library->TS_RESP_verify_response(context, response);
    library->TS_VERIFY_CTX_free(context);
    if (result != 1) return HOOPX_TIMESTAMP_INVALID;
    *time = stated;
    return HOOPX_TIMESTAMP_VALID;
}

enum hoopx_timestamp_result hoopx_timestamp_verify(const unsigned char *response, size_t length,
                                                   const unsigned char digest[32], const unsigned char *nonce,
                                                   const char *ca_path, int64_t *time, char *reason,
                                                   size_t reason_size) {
    reason[0] = '\0';
    struct library library;
    if (!load(&library)) return HOOPX_TIMESTAMP_NO_LIBRARY;
    library.ERR_clear_error();
    const unsigned char *rest = response;
    TS_RESP *decoded = length <= LONG_MAX ? library.d2i_TS_RESP(NULL, &rest, (long)length) : NULL;
    TS_REQ *request = request_for(&library, digest, nonce);
    enum hoopx_timestamp_result result = HOOPX_TIMESTAMP_NO_TOKEN;
    /* What follows a response is part of no response. */
    if (decoded != NULL && rest == response + length && request != NULL)
        result = verify(&library, decoded, request, ca_path, time);
    library.TS_REQ_free(request);
    library.TS_RESP_free(decoded);
    const char *data = NULL;
    int flags = 0;
    unsigned long error = library.ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
    const char *words = error != 0 ? library.ERR_reason_error_string(error) : NULL;
    if (words != NULL) {
        strncpy(reason, words, reason_size - 1);
        reason[reason_size - 1] = '\0';
    }
    if (words != NULL && data != NULL && (flags & ERR_TXT_STRING) && *data != '\0') {
        strncat(reason, ": ", reason_size - strlen(reason) - 1);
        strncat(reason, data, reason_size - strlen(reason) - 1);
    }
    library.ERR_clear_error();
    return result;
}

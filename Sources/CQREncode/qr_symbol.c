#include "qr_symbol.h"

#include <dlfcn.h>
#include <qrencode.h>
#include <stddef.h>

int hoopx_qr_symbol(const char *text, unsigned char modules[HOOPX_QR_MAXIMUM_WIDTH * HOOPX_QR_MAXIMUM_WIDTH]) {
    void *library = dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return 0;
    int width = 0;
    __typeof__(&QRcode_encodeString8bit) encode =
        (__typeof__(&QRcode_encodeString8bit))dlsym(library, "QRcode_encodeString8bit");
    __typeof__(&QRcode_free) release = (__typeof__(&QRcode_free))dlsym(library, "QRcode_free");
    QRcode *code = encode != NULL && release != NULL ? encode(text, 0, QR_ECLEVEL_L) : NULL;
    if (code != NULL) {
        if (code->width > 0 && code->width <= HOOPX_QR_MAXIMUM_WIDTH) {
            width = code->width;
            /* The other bits of a module say what it is part of. */
            for (int i = 0; i < width * width; i++) modules[i] = code->data[i] & 1;
        }
        release(code);
    }
    dlclose(library);
    return width;
}

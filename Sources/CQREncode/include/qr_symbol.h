#ifndef HOOPX_QR_SYMBOL_H
#define HOOPX_QR_SYMBOL_H

/* The width of the largest symbol, version 40 (ISO/IEC 18004). */
#define HOOPX_QR_MAXIMUM_WIDTH 177

/*
 * Encodes a text as a QR code, with libqrencode, error correction level L.
 *
 * The library is loaded now, not with the program: it costs no start, and a machine without it does without QR codes.
 *
 * modules: gets width * width bytes, row by row: 1 for a dark module, 0 for a light one.
 * Returns the width, or 0 where the library is not there or the text is too long.
 */
int hoopx_qr_symbol(const char *text, unsigned char modules[HOOPX_QR_MAXIMUM_WIDTH * HOOPX_QR_MAXIMUM_WIDTH]);

#endif

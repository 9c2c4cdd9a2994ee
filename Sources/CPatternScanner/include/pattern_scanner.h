#ifndef HOOPX_PATTERN_SCANNER_H
#define HOOPX_PATTERN_SCANNER_H

/* Vectorscan: the interface is that of Hyperscan 5 (its developer reference is the manual). */
#include <hs/hs.h>

#endif

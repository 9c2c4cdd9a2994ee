#include "pattern_scanner.h"

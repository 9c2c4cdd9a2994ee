// Nothing to call: the target exists for the symbol that it defines.
#pragma once

#include <stddef.h>

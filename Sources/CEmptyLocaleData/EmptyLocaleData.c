// An empty table of locale data, in the place of the 34 MB that Foundation's ICU would bring into the executable.
//
// hoopx formats nothing by locale and imports FoundationEssentials alone. Its libraries do not either where hoopx uses
// them. The linker takes this definition and leaves the archive's own out; ICU finds no data and says so to whoever
// asks. The name carries ICU's version: with another one this object is idle and the executable large again, which
// `make bench` shows.
//
// The layout is that of a common data file (ICU, common/ucmndata.h and common/unicode/udata.h).
#include "EmptyLocaleData.h"

#include <stdint.h>

struct common_data {
    uint16_t header_size;
    uint8_t magic[2];
    struct {
        uint16_t size;
        uint16_t reserved;
        uint8_t is_big_endian;
        uint8_t charset_family;
        uint8_t size_of_uchar;
        uint8_t reserved_byte;
        uint8_t format[4];
        uint8_t format_version[4];
        uint8_t data_version[4];
    } info;
    uint8_t padding[8];
    uint32_t entry_count;
};

_Static_assert(offsetof(struct common_data, entry_count) == 32, "the table of contents follows the header");

const struct common_data icudt76_dat __attribute__((aligned(16))) = {
    .header_size = offsetof(struct common_data, entry_count),
    .magic = {0xda, 0x27},
    .info =
        {
            .size = 20,
            .is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
            .size_of_uchar = 2,
            .format = {'C', 'm', 'n', 'D'},
            .format_version = {1},
            .data_version = {76, 1},
        },
};

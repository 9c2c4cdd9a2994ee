/// What of Unicode stands for an ASCII character in a value: digits of all scripts (general category Nd), spaces (Zs),
/// dashes (Pd, minus signs), full-width forms, and characters without a width, which stand for nothing.
/// Source: Unicode 15.1, UnicodeData.txt.
enum UnicodeFolding {
    enum Folded: Equatable {
        case ascii(UInt8)
        case nothing
        case itself
    }

    static func fold(_ scalar: UInt32) -> Folded {
        switch scalar {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return .ascii(UInt8(ascii: " "))
        case 0x2028, 0x2029, 0x85: return .ascii(UInt8(ascii: "\n"))
        case 0x58A, 0x2010...0x2015, 0x2043, 0x2212, 0x2E3A, 0x2E3B, 0xFE31, 0xFE32, 0xFE58, 0xFE63:
            return .ascii(UInt8(ascii: "-"))
        case 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F,
            0xFE00...0xFE0F, 0xFEFF:
            return .nothing
        case 0x2024: return .ascii(UInt8(ascii: "."))
        case 0x2044, 0x2215: return .ascii(UInt8(ascii: "/"))
        // Full-width forms of U+0021 to U+007E, but for the quotation mark and the backslash, which would end a string.
        case 0xFF02, 0xFF3C: return .itself
        case 0xFF01...0xFF5E: return .ascii(UInt8(scalar - 0xFF01 + 0x21))
        case ..<0x660, 0x3001...0xA61F, 0xAC00...0xFE2F: return .itself
        case 0x1D7CE...0x1D7FF: return .ascii(UInt8(ascii: "0") + UInt8((scalar - 0x1D7CE) % 10))
        default: return digit(scalar).map(Folded.ascii) ?? .itself
        }
    }

    private static func digit(_ scalar: UInt32) -> UInt8? {
        var low = 0
        var high = zeros.count
        while low < high {
            let middle = (low + high) / 2
            if zeros[middle] <= scalar { low = middle + 1 } else { high = middle }
        }
        guard low > 0, scalar - zeros[low - 1] < 10 else { return nil }
        return UInt8(ascii: "0") + UInt8(scalar - zeros[low - 1])
    }

    /// Each script's zero; its nine other digits follow it.
    private static let zeros: [UInt32] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
        0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
        0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450,
        0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0,
        0x16B50, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
    ]
}

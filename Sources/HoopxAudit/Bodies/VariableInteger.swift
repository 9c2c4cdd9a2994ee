/// Unsigned numbers in as few bytes as they need: seven bits a byte, the lowest first, the high bit set on all but the last
/// (LEB128).
enum VariableInteger {
    static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// All of them, or nil where the bytes are not what `append` makes.
    static func all(in bytes: some Collection<UInt8>) -> [UInt64]? {
        var numbers: [UInt64] = []
        var (number, shift) = (UInt64(0), UInt64(0))
        for byte in bytes {
            let bits = UInt64(byte & 0x7f)
            guard shift < 64, (bits << shift) >> shift == bits else { return nil }
            number |= bits << shift
            if byte & 0x80 != 0 {
                shift += 7
            } else {
                numbers.append(number)
                (number, shift) = (0, 0)
            }
        }
        return shift == 0 ? numbers : nil
    }
}

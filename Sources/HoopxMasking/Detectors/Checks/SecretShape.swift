import Glibc

/// Whether a word looks like a secret that a machine made, rather than like a word, a placeholder or a reference.
enum SecretShape {
    /// Shannon entropy of the characters, in bits a character: 0 for one that is repeated, 6 at most for base64.
    static func entropy(_ text: some Collection<UInt8>) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in text { counts[Int(byte)] += 1 }
        let total = Double(text.count)
        return counts.reduce(0) { sum, count in
            let share = Double(count) / total
            return count == 0 ? sum : sum - share * log2(share)
        }
    }

    /// At least `minimum` characters, of which at least 3 bits a character are left when order does not count; a number
    /// of digits is needed, since names of variables have none.
    static func isRandom(_ text: some Collection<UInt8>, atLeast minimum: Int) -> Bool {
        text.count >= minimum && entropy(text) >= 3 && text.count(where: \.isDigit) >= 2
            && text.contains(where: \.isLetter)
    }
}

/// CRC-32 (IEEE 802.3), as zlib has it.
enum CRC32 {
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { remainder, byte in
            (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}

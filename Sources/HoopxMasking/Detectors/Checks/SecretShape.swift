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

    /// What people choose: at least 6 characters, letters among them, and one that is neither lower-case letter nor word.
    static func isPassword(_ text: some Collection<UInt8>) -> Bool {
        let kinds = [
            text.contains(where: \.isLower), text.contains(where: \.isUpper), text.contains(where: \.isDigit),
            text.contains { $0.isPunctuation },
        ]
        let isMixed = kinds.count(where: \.self) >= 2 && text.contains(where: \.isLetter)
        return text.count >= 6 && isMixed && !text.allSatisfy { $0.isLetter || "_-.".utf8.contains($0) }
            && entropy(text) > 2
    }
}

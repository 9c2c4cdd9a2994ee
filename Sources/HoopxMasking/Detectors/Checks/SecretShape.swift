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

    /// At least `minimum` characters, with 3 bits of entropy a character or more, and letters mixed with digits as names of
    /// variables do not have them; where there are hardly any digits, as many upper-case as lower-case letters.
    static func isRandom(_ text: some Collection<UInt8>, atLeast minimum: Int) -> Bool {
        guard text.count >= minimum, text.contains(where: \.isLetter) else { return false }
        if text.count(where: \.isDigit) >= 2 { return entropy(text) >= 3 }
        let upper = text.count(where: \.isUpper)
        return text.count >= 16 && upper * 10 >= text.count * 3 && upper * 10 <= text.count * 7 && entropy(text) >= 3
    }

    /// What people choose: at least 6 characters, letters among them, and one that is neither lower-case letter nor word.
    static func isPassword(_ text: some Collection<UInt8>) -> Bool {
        let letters = text.count(where: \.isLetter)
        let isMixed = text.contains { $0.isDigit || $0.isPunctuation && !"_-.".utf8.contains($0) }
        return text.count >= 6 && letters > 0 && isMixed && entropy(text) > 2
    }
}

extension Detector.Candidate {
    /// The members of a set that stand without a gap around an offset.
    func extent(of set: ByteSet, around offset: Int) -> Range<Int> {
        var start = offset
        while let byte = self[start - 1], set.contains(byte) { start -= 1 }
        return start..<end(of: set, from: offset)
    }

    /// Where members of a set end that stand from an offset on.
    func end(of set: ByteSet, from offset: Int) -> Int {
        var end = offset
        while let byte = self[end], set.contains(byte) { end += 1 }
        return end
    }

    /// Whether a number or a code stands alone: not in the middle of a longer word, number, amount or identifier.
    func isAlone(_ range: Range<Int>) -> Bool {
        if let before = self[range.lowerBound - 1] {
            if before.isWordByte || "$#".utf8.contains(before) { return false }
            let second = self[range.lowerBound - 2]
            // A telephone number has at most 15 digits (E.164, 6.1) and is not glued to a word: else, a plus is a form's blank.
            if before == UInt8(ascii: "+"), second?.isLetter != true, text[range].count(where: \.isDigit) <= 15 {
                return false
            }
            if "-.:".utf8.contains(before), let second, before == UInt8(ascii: "-") ? second.isWordByte : second.isDigit
            {
                return false
            }
        }
        if let after = self[range.upperBound] {
            if after.isWordByte || after == UInt8(ascii: "%") { return false }
            let second = self[range.upperBound + 1]
            if "-.:".utf8.contains(after), let second, after == UInt8(ascii: "-") ? second.isWordByte : second.isDigit {
                return false
            }
        }
        return true
    }

    /// Whether no other number stands beside it, one space away: groups of a table are no number.
    func isApart(_ range: Range<Int>) -> Bool {
        let space = UInt8(ascii: " ")
        let isBefore = self[range.lowerBound - 1] == space && self[range.lowerBound - 2]?.isDigit == true
        let isBehind = self[range.upperBound] == space && self[range.upperBound + 1]?.isDigit == true
        return !isBefore && !isBehind
    }

    /// What the text before an offset ends with, in lower case and without white space at its end.
    func wordBefore(_ offset: Int) -> [UInt8] {
        var end = offset
        while let byte = self[end - 1], ByteSet.whitespace.contains(byte) || byte == UInt8(ascii: ":") { end -= 1 }
        var start = end
        while let byte = self[start - 1], byte.isWordByte { start -= 1 }
        return text[start..<end].map(\.lowercase)
    }

    /// Whether what stands before the match's end is of a shape: 9 is any digit, A any upper-case letter.
    func ends(with shape: some Collection<UInt8>) -> Bool {
        let start = matchEnd - shape.count
        guard start >= 0 else { return false }
        for (offset, expected) in shape.enumerated() {
            let byte = text[start + offset]
            let fits =
                switch expected {
                case UInt8(ascii: "9"): byte.isDigit
                case UInt8(ascii: "A"): byte.isUpper
                default: byte == expected
                }
            if !fits { return false }
        }
        return true
    }
}

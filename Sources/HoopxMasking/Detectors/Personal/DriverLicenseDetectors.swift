extension Detector {
    /// Every state has its own shape (AAMVA, DL/ID card design): letters and digits, one digit at least. Only the words
    /// before it tell what it is. The expression ends at its first digit.
    static let usDriverLicense = [
        Detector(
            .usDriverLicense,
            [
                Expression(
                    #"(?:driv(?:er|ing)(?:'?s|\xe2\x80\x99s)?[ _-]?licen[cs]e|\bdrivers?licen[cs]e|\bdl ?(?:no|num|number|#|id)\b|\bdl:|licen[cs]e (?:no|num|number))[^0-9\n]{0,24}[0-9]"#,
                    isCaseless: true)
            ],
            extent: .bounded(20), holds: .match, lookahead: 22, confidence: .medium
        ) { candidate in
            var range = candidate.extent(of: .alphanumerics + ByteSet("-"), around: candidate.matchEnd - 1)
            while range.upperBound > candidate.matchEnd, candidate[range.upperBound - 1] == UInt8(ascii: "-") {
                range = range.lowerBound..<(range.upperBound - 1)
            }
            let characters = candidate.text[range].filter(\.isAlphanumeric)
            let letters = characters.filter(\.isLetter)
            let isShape =
                (5...16).contains(characters.count) && letters.count <= 5 && letters.allSatisfy(\.isUpper)
                && characters.count - letters.count >= 2
            guard isShape, candidate.isAlone(range), !CheckDigits.isOneDigitRepeated(characters) else { return nil }
            return range
        }
    ]
}

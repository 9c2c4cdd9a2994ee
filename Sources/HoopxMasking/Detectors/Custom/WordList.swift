import HoopxCore

/// The words of a custom detector, found by what they begin with.
struct WordList: Sendable {
    let expressions: [Detector.Expression]
    /// In bytes.
    let longest: Int
    /// How much of a word, and one byte more, follows its first token.
    let lookahead: Int
    /// In lower case (of ASCII); the longest first.
    private let words: [[UInt8]]

    init(_ words: [String]) throws(CustomDetectorFailure) {
        var forms: Set<[UInt8]> = []
        for word in words {
            let bytes = Array(word.utf8)
            guard let first = bytes.first else { throw CustomDetectorFailure(found: "a word is empty", offset: nil) }
            guard ByteSet.token.contains(first) else {
                throw CustomDetectorFailure(
                    found: "\"\(word)\" begins with white space, a quotation mark, a bracket or a separator",
                    offset: nil)
            }
            guard bytes.count <= 256 else {
                throw CustomDetectorFailure(found: "\"\(word.prefix(20))...\" is longer than 256 bytes", offset: nil)
            }
            // What upper and lower case are beyond ASCII, the scanner does not know.
            for form in [word, word.lowercased(), word.uppercased()] { forms.insert(form.utf8.map(Self.lowerCase)) }
        }
        self.words = forms.sorted { left, right in
            left.count != right.count ? left.count > right.count : left.lexicographicallyPrecedes(right)
        }
        longest = forms.map(\.count).max() ?? 0
        lookahead = 1 + (forms.map { $0.count - Self.firstToken(of: $0).count }.max() ?? 0)
        expressions = Set(forms.map { Self.expression(of: Self.firstToken(of: $0)) }).sorted().map { pattern in
            Detector.Expression(pattern, isCaseless: true)
        }
    }

    /// The longest word whose first token ends where the match does.
    func match(_ candidate: Detector.Candidate) -> Range<Int>? {
        for word in words {
            let start = candidate.matchEnd - Self.firstToken(of: word).count
            guard start >= 0, start + word.count <= candidate.text.count else { continue }
            let isEqual = zip(word, candidate.text[start...]).allSatisfy { $0 == Self.lowerCase($1) }
            let end = start + word.count
            guard isEqual, !Self.isInWord(candidate[start - 1], candidate.text[start]),
                !Self.isInWord(candidate[end], candidate.text[end - 1])
            else { continue }
            return start..<end
        }
        return nil
    }

    /// Whether a word goes on beyond its border.
    private static func isInWord(_ outside: UInt8?, _ inside: UInt8) -> Bool {
        guard let outside else { return false }
        return ByteSet.alphanumerics.contains(outside) && ByteSet.alphanumerics.contains(inside)
    }

    private static func firstToken(of word: [UInt8]) -> ArraySlice<UInt8> {
        word.prefix { ByteSet.token.contains($0) }
    }

    private static func expression(of token: ArraySlice<UInt8>) -> String {
        token.map { "\\x" + Hexadecimal.text(of: $0) }.joined()
    }

    private static func lowerCase(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }
}

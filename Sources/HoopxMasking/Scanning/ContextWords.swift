/// Finds context words before a value.
struct ContextWords: Sendable {
    let isRequired: Bool
    private let window: Int
    /// What the words begin with, in both cases.
    private let initials: ByteSet
    /// All words' letters and spaces, in lower case, each with a zero behind it: one piece of memory, read in order.
    private let words: [UInt8]

    init(_ context: Detector.Context) {
        isRequired = context.isRequired
        window = min(max(context.window, 1), DetectorIndex.contextWindow)
        words = context.words.flatMap { Array($0.lowercased().utf8) + [0] }
        var initials = ByteSet()
        for word in context.words {
            for initial in [word.lowercased().utf8.first, word.uppercased().utf8.first] {
                if let initial { initials.insert(initial) }
            }
        }
        self.initials = initials
    }

    /// Whether one of the words stands within the window before an offset.
    func areBefore(_ offset: Int, in text: UnsafeRawBufferPointer) -> Bool {
        let start = max(0, offset - window)
        return words.withUnsafeBufferPointer { words in
            (start..<offset).contains { position in
                initials.contains(text[position]) && Self.isWordStart(position, in: text)
                    && Self.beginsOne(of: words, at: position, before: offset, in: text)
            }
        }
    }

    private static func beginsOne(
        of words: UnsafeBufferPointer<UInt8>, at position: Int, before end: Int, in text: UnsafeRawBufferPointer
    ) -> Bool {
        var next = 0
        while next < words.count {
            var offset = position
            var isEqual = true
            while words[next] != 0 {
                let letter = words[next]
                next += 1
                if letter == UInt8(ascii: " ") {
                    if offset < end, separators.contains(text[offset]) { offset += 1 }
                } else if offset < end, lowerCase(text[offset]) == letter {
                    offset += 1
                } else {
                    isEqual = false
                    break
                }
            }
            if isEqual, isWordEnd(offset, before: end, in: text) { return true }
            while words[next] != 0 { next += 1 }
            next += 1
        }
        return false
    }

    /// What stands before is no letter, or a word of `camelCase` begins here.
    private static func isWordStart(_ position: Int, in text: UnsafeRawBufferPointer) -> Bool {
        guard position > 0, ByteSet.letters.contains(text[position - 1]) else { return true }
        return ByteSet.upperCase.contains(text[position]) && ByteSet.lowerCase.contains(text[position - 1])
    }

    /// What follows is no letter, or begins a word of `camelCase`.
    private static func isWordEnd(_ offset: Int, before end: Int, in text: UnsafeRawBufferPointer) -> Bool {
        guard offset < end, ByteSet.letters.contains(text[offset]) else { return true }
        return ByteSet.upperCase.contains(text[offset]) && ByteSet.lowerCase.contains(text[offset - 1])
    }

    private static func lowerCase(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

    private static let separators = ByteSet(" _-")
}

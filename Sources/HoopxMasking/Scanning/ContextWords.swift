/// Finds context words before a value.
struct ContextWords: Sendable {
    let isRequired: Bool
    private let window: Int
    /// Each word's letters and spaces, in lower case.
    private let words: [[UInt8]]

    init(_ context: Detector.Context) {
        isRequired = context.isRequired
        window = min(max(context.window, 1), DetectorIndex.contextWindow)
        words = context.words.map { Array($0.lowercased().utf8) }
    }

    /// Whether one of the words stands within the window before an offset.
    func areBefore(_ offset: Int, in text: UnsafeRawBufferPointer) -> Bool {
        let start = max(0, offset - window)
        var position = start
        while position < offset {
            if Self.isWordStart(position, in: text) {
                for word in words where matches(word, at: position, before: offset, in: text) { return true }
            }
            position += 1
        }
        return false
    }

    private func matches(_ word: [UInt8], at position: Int, before end: Int, in text: UnsafeRawBufferPointer) -> Bool {
        var offset = position
        for letter in word {
            if letter == UInt8(ascii: " ") {
                if offset < end, Self.separators.contains(text[offset]) { offset += 1 }
                continue
            }
            guard offset < end, Self.lowerCase(text[offset]) == letter else { return false }
            offset += 1
        }
        // The word ends here: what follows is no letter, or begins a word of `camelCase`.
        guard offset < text.count, offset < end, ByteSet.letters.contains(text[offset]) else { return true }
        return ByteSet.upperCase.contains(text[offset]) && ByteSet.lowerCase.contains(text[offset - 1])
    }

    /// What stands before is no letter, or a word of `camelCase` begins here.
    private static func isWordStart(_ position: Int, in text: UnsafeRawBufferPointer) -> Bool {
        guard position > 0, ByteSet.letters.contains(text[position - 1]) else { return true }
        return ByteSet.upperCase.contains(text[position]) && ByteSet.lowerCase.contains(text[position - 1])
    }

    private static func lowerCase(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

    private static let separators = ByteSet(" _-")
}

/// Finds context words before a value.
struct ContextWords: Sendable {
    let isRequired: Bool
    private let window: Int
    /// Per byte value, whether it is an upper or a lower case letter, and whether a word begins with it.
    private let classes: [UInt8]
    /// All words' letters and spaces, in lower case, each with a zero behind it: one piece of memory, read in order.
    private let words: [UInt8]

    init(_ context: Detector.Context) {
        isRequired = context.isRequired
        window = min(max(context.window, 1), DetectorIndex.contextWindow)
        words = context.words.flatMap { Array($0.lowercased().utf8) + [0] }
        var classes = (UInt8.min...UInt8.max).map { byte in
            ByteSet.upperCase.contains(byte) ? Self.upper : ByteSet.lowerCase.contains(byte) ? Self.lower : 0
        }
        for word in context.words {
            for initial in [word.lowercased().utf8.first, word.uppercased().utf8.first] {
                if let initial { classes[Int(initial)] |= Self.initial }
            }
        }
        self.classes = classes
    }

    private static let upper: UInt8 = 1
    private static let lower: UInt8 = 2
    private static let initial: UInt8 = 4

    /// Whether one of the words stands within the window before an offset.
    func areBefore(_ offset: Int, in text: UnsafeRawBufferPointer) -> Bool {
        var position = max(0, offset - window)
        return classes.withUnsafeBufferPointer { classes in
            words.withUnsafeBufferPointer { words in
                var before = position > 0 ? classes[Int(text[position - 1])] : 0
                while position < offset {
                    let here = classes[Int(text[position])]
                    if here & Self.initial != 0 {
                        // What stands before is no letter, or a word of `camelCase` begins here.
                        let begins =
                            before & (Self.upper | Self.lower) == 0
                            || before & Self.lower != 0 && here & Self.upper != 0
                        if begins, Self.beginsOne(of: words, at: position, before: offset, in: text) { return true }
                    }
                    before = here
                    position += 1
                }
                return false
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

    /// What follows is no letter, or begins a word of `camelCase`.
    private static func isWordEnd(_ offset: Int, before end: Int, in text: UnsafeRawBufferPointer) -> Bool {
        guard offset < end, ByteSet.letters.contains(text[offset]) else { return true }
        return ByteSet.upperCase.contains(text[offset]) && ByteSet.lowerCase.contains(text[offset - 1])
    }

    private static func lowerCase(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

    private static let separators = ByteSet(" _-")
}

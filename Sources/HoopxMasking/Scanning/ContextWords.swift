/// Finds context words before a value.
struct ContextWords: Sendable {
    let isRequired: Bool
    private let window: Int
    /// Per byte value, whether it is an upper or a lower case letter, and whether a word begins with it.
    private let classes: [UInt8]
    /// All words' letters and spaces, in lower case, each with a zero behind it: one piece of memory, read in order. Words of
    /// one initial stand together, and a zero more ends them.
    private let words: [UInt8]
    /// Per byte value, where the words stand that begin with it; 0, where a zero stands, if none does.
    private let places: [Int]

    init(_ context: Detector.Context) {
        isRequired = context.isRequired
        window = min(max(context.window, 1), DetectorIndex.contextWindow)
        let spelled = context.words.map { Array($0.lowercased().utf8) }.filter { !$0.isEmpty }
        var words: [UInt8] = [0]
        var places = [Int](repeating: 0, count: 256)
        for (initial, ofInitial) in Dictionary(grouping: spelled, by: \.[0]) {
            places[Int(initial)] = words.count
            places[Int(initial.uppercase)] = words.count
            words += ofInitial.flatMap { $0 + [0] } + [0]
        }
        self.words = words
        self.places = places
        var classes = (UInt8.min...UInt8.max).map { byte in
            ByteSet.upperCase.contains(byte) ? Self.upper : ByteSet.lowerCase.contains(byte) ? Self.lower : 0
        }
        for byte in places.indices where places[byte] > 0 { classes[byte] |= Self.initial }
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
                        let place = places[Int(text[position])]
                        if begins, Self.beginsOne(of: words, from: place, at: position, before: offset, in: text) {
                            return true
                        }
                    }
                    before = here
                    position += 1
                }
                return false
            }
        }
    }

    private static func beginsOne(
        of words: UnsafeBufferPointer<UInt8>, from place: Int, at position: Int, before end: Int,
        in text: UnsafeRawBufferPointer
    ) -> Bool {
        var next = place
        while words[next] != 0 {
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

/// Text that was cut off before it is masked: half of a value looks like none, and would be recorded.
enum TornText {
    /// In bytes: no value that detectors find is longer, but for keys and tokens that are known by how they begin.
    private static let longestValue = 512

    /// The text up to the last place where no value goes on.
    static func withoutTornEnd(_ text: [UInt8]) -> [UInt8] {
        var end = text.count
        while end > 0, text.count - end < longestValue, !isBorder(end - 1, of: text) { end -= 1 }
        return Array(text[..<end])
    }

    /// Digits go on behind a blank.
    private static func isBorder(_ index: Int, of text: [UInt8]) -> Bool {
        switch text[index] {
        case UInt8(ascii: "\n"), UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        case UInt8(ascii: "/"), UInt8(ascii: " "): index > 0 && !(0x30...0x39).contains(text[index - 1])
        default: false
        }
    }
}

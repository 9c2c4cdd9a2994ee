/// Which bytes a match of a regular expression can be made of, or some more.
struct PatternAlphabet {
    private(set) var bytes = ByteSet()
    /// Where a set in brackets holds a character that is not ASCII, in Unicode scalars: it would be taken for its bytes.
    private(set) var wideSetOffset: Int?

    private let pattern: [Unicode.Scalar]
    private var offset = 0

    init(_ pattern: String) {
        self.pattern = Array(pattern.unicodeScalars)
        while offset < self.pattern.count {
            switch self.pattern[offset] {
            case "\\": bytes = bytes + escape()
            case "[": bytes = bytes + set()
            case ".":
                bytes = .all
                offset += 1
            case let scalar:
                insert(scalar)
                offset += 1
            }
        }
    }

    /// In both cases, since the pattern may say that case does not matter.
    private mutating func insert(_ scalar: Unicode.Scalar) {
        let text = String(Character(scalar))
        for byte in (text + text.lowercased() + text.uppercased()).utf8 { bytes.insert(byte) }
    }

    /// What an escape stands for; all bytes for one that is not known here.
    private mutating func escape() -> ByteSet {
        guard offset + 1 < pattern.count else {
            offset += 1
            return ByteSet()
        }
        let letter = pattern[offset + 1]
        offset += 2
        switch letter {
        case "d": return .digits
        case "w": return .alphanumerics + ByteSet("_")
        case "s", "h", "v": return .whitespace
        case "b", "B", "A", "z", "Z": return ByteSet()
        case "t", "n", "r", "f": return ByteSet("\t\n\r\u{C}")
        case _ where !letter.properties.isAlphabetic && !("0"..."9").contains(letter):
            return ByteSet(String(Character(letter)))
        default: return .all
        }
    }

    /// What a set in brackets stands for.
    private mutating func set() -> ByteSet {
        var members = ByteSet()
        offset += 1
        let isNegated = offset < pattern.count && pattern[offset] == "^"
        if isNegated { offset += 1 }
        var last: UInt32?
        var isFirst = true
        while offset < pattern.count, pattern[offset] != "]" || isFirst {
            isFirst = false
            let scalar = pattern[offset]
            if !scalar.isASCII { wideSetOffset = wideSetOffset ?? offset }
            switch scalar {
            case "\\":
                members = members + escape()
                last = nil
            case "[" where offset + 1 < pattern.count && pattern[offset + 1] == ":":
                // A class by its name: of ASCII.
                members = members + ByteSet(0...127)
                while offset < pattern.count, pattern[offset] != "]" { offset += 1 }
                offset += 1
                last = nil
            case "-" where last != nil && offset + 1 < pattern.count && pattern[offset + 1] != "]":
                let end = pattern[offset + 1]
                // An end that is an escape may stand for anything.
                let upper = end == "\\" ? 255 : min(end.value, 255)
                if let last, last <= upper { members = members + ByteSet(UInt8(min(last, 255))...UInt8(upper)) }
                offset += 1
                last = nil
            default:
                members = members + ByteSet(String(Character(scalar)))
                last = scalar.value
                offset += 1
            }
        }
        offset += 1
        if isNegated { return .all }
        // Case may not matter.
        for (upper, lower) in zip(UInt8(65)...90, UInt8(97)...122)
        where members.contains(upper) || members.contains(lower) {
            members.insert(upper)
            members.insert(lower)
        }
        return members
    }
}

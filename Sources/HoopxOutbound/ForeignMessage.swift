import HoopxCore

/// What a server or another program says, as an error may show it: one printable line, short, without credentials.
///
/// Hidden is every part of the given secrets, and whatever else looks like a credential: a JWT, and a long word of letters
/// and digits that is no UUID, as which servers number what they log. It hides too much rather than too little.
public enum ForeignMessage {
    /// The shortest piece of a secret that is taken for one.
    private static let pieceLength = 8
    /// From how many bytes on a word with letters and digits looks like a credential.
    private static let wordLength = 24
    private static let mask = Array("***".utf8)

    /// Which part of a long text says most: a server's beginning, or the end of what a failing program wrote.
    public enum Part: Sendable { case beginning, end }

    /// - Parameter limit: in bytes.
    public static func shown(
        _ text: String, hiding secrets: [Secret], limit: Int = 300, keeping part: Part = .beginning
    ) -> String {
        // A bound for the work below; what lies beyond it is not shown in any case.
        let bytes = Array(text.utf8)
        let near = part == .beginning ? bytes.prefix(8_192) : bytes.suffix(8_192)
        var shown = Array(printable(String(decoding: near, as: UTF8.self)).utf8)
        let pieces = secrets.map { $0.withValue { Array($0.utf8) } }
        for range in hidden(in: shown, pieces).reversed() { shown.replaceSubrange(range, with: mask) }
        guard shown.count > limit else { return String(decoding: shown, as: UTF8.self) }
        return part == .beginning
            ? String(decoding: shown.prefix(limit), as: UTF8.self) + "..."
            : "..." + String(decoding: shown.suffix(limit), as: UTF8.self)
    }

    /// Without line ends, control and format characters, which could redraw a terminal; one blank between words.
    private static func printable(_ text: String) -> String {
        let kept = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(kept)).split(separator: " ").joined(separator: " ")
    }

    private static func hidden(in text: [UInt8], _ secrets: [[UInt8]]) -> [Range<Int>] {
        var isHidden = [Bool](repeating: false, count: text.count)
        for secret in secrets where !secret.isEmpty {
            let length = min(pieceLength, secret.count)
            guard text.count >= length else { continue }
            let pieces = Set((0...secret.count - length).map { secret[$0..<$0 + length] })
            for start in 0...text.count - length where pieces.contains(text[start..<start + length]) {
                for index in start..<start + length { isHidden[index] = true }
            }
        }
        for word in words(of: text, and: "-_+=~") where looksLikeCredential(text[word]) {
            for index in word { isHidden[index] = true }
        }
        for word in words(of: text, and: "-_.") where looksLikeJWT(text[word]) {
            for index in word { isHidden[index] = true }
        }
        return runs(of: isHidden)
    }

    /// The runs of letters, digits and the given marks: of all the bytes that tokens are made of, without the dots and
    /// slashes that also stand in names and paths.
    private static func words(of text: [UInt8], and marks: String) -> [Range<Int>] {
        runs(of: text.map { isAlphanumeric($0) || marks.utf8.contains($0) })
    }

    private static func looksLikeCredential(_ word: ArraySlice<UInt8>) -> Bool {
        word.count >= wordLength && word.contains { (0x30...0x39).contains($0) }
            && word.contains { isAlphanumeric($0) && !(0x30...0x39).contains($0) } && !isUUID(word)
    }

    /// The header of each begins with `{"`.
    private static func looksLikeJWT(_ word: ArraySlice<UInt8>) -> Bool {
        word.starts(with: "eyJ".utf8) && word.count { $0 == UInt8(ascii: ".") } >= 2
    }

    private static func isUUID(_ word: ArraySlice<UInt8>) -> Bool {
        let isHex: (UInt8) -> Bool = { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
            default: false
            }
        }
        let groups = word.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(isHex) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func runs(of members: [Bool]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start: Int?
        for index in members.indices {
            if members[index] {
                start = start ?? index
            } else if let first = start {
                result.append(first..<index)
                start = nil
            }
        }
        if let start { result.append(start..<members.count) }
        return result
    }
}

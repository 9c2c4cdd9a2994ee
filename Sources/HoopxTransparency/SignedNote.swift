import HoopxCore

/// Text that keys have signed (C2SP signed-note).
public struct SignedNote: Hashable, Sendable {
    /// Ends in a line feed.
    public let text: String
    public var signatures: [NoteSignature]

    /// - Parameter text: ends in a line feed, and holds no other control character.
    public init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note as `encoded` writes it. Nothing is verified.
    public init(_ encoded: String) throws(MalformedNote) {
        // By bytes: a Character could hide a line feed behind a combining mark.
        let bytes = Array(encoded.utf8)
        guard bytes.count <= Self.maximumSize else {
            throw MalformedNote("it is longer than \(Self.maximumSize) bytes")
        }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != Self.lineFeed }) else {
            throw MalformedNote("it has a control character")
        }
        guard bytes.last == Self.lineFeed else { throw MalformedNote("it does not end in a line feed") }
        // The last empty line is what divides it.
        guard
            let end = bytes.indices.dropFirst().last(where: {
                bytes[$0] == Self.lineFeed && bytes[$0 - 1] == Self.lineFeed
            }), end + 1 < bytes.count
        else { throw MalformedNote("it has no signatures behind an empty line") }
        text = String(decoding: bytes[..<end], as: UTF8.self)
        signatures = []
        for line in bytes[(end + 1)...].split(separator: Self.lineFeed) {
            guard let signature = NoteSignature(line: String(decoding: line, as: UTF8.self)) else {
                throw MalformedNote("line \(Self.lineNumber(of: line.startIndex, in: bytes)) is no signature")
            }
            signatures.append(signature)
        }
    }

    /// The text, an empty line, and a line for each signature.
    public var encoded: String { text + "\n" + signatures.map { $0.line + "\n" }.joined() }

    /// In bytes, more than which is not read.
    static let maximumSize = 1 << 20
    private static let lineFeed = UInt8(ascii: "\n")

    private static func lineNumber(of index: Int, in bytes: [UInt8]) -> Int {
        1 + bytes[..<index].count { $0 == lineFeed }
    }
}

/// One key's signature of a note.
public struct NoteSignature: Hashable, Sendable {
    /// Not empty, without spaces and plus signs.
    public let keyName: String
    /// What tells keys of one name apart.
    public let keyID: UInt32
    /// What it is depends on the key's algorithm.
    public let bytes: [UInt8]

    public init(keyName: String, keyID: UInt32, bytes: [UInt8]) {
        self.keyName = keyName
        self.keyID = keyID
        self.bytes = bytes
    }

    /// - Parameter line: without a line feed at its end.
    public init?(line: String) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "\u{2014}", NoteKey.isName(parts[1]),
            let bytes = Base64.decode(parts[2].utf8), bytes.count > 4
        else { return nil }
        keyName = String(parts[1])
        keyID = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        self.bytes = Array(bytes[4...])
    }

    /// Without a line feed at its end.
    public var line: String {
        "\u{2014} \(keyName) \(Base64.encode(withUnsafeBytes(of: keyID.bigEndian) { Array($0) } + bytes))"
    }
}

/// Why something is no note, checkpoint, proof or key.
public struct MalformedNote: Error, Hashable, Sendable {
    /// In lower case, without a full stop.
    public let found: String

    init(_ found: String) { self.found = found }
}

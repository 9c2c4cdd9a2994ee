/// What a log says of itself at one moment (C2SP tlog-checkpoint). It counts for nothing until a signature of it was
/// verified.
public struct Checkpoint: Hashable, Sendable {
    /// The log's name.
    public let origin: String
    /// How many leaves it has.
    public let size: Int64
    public let root: TreeHash
    /// Further lines, none of them empty.
    public let extensions: [String]

    public init(origin: String, size: Int64, root: TreeHash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    public init(_ note: SignedNote) throws(MalformedNote) {
        let lines = note.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.count >= 3, !lines.contains("") else {
            throw MalformedNote("it is not three lines or more of a checkpoint")
        }
        guard let size = Int64(lines[1]), size >= 0, String(size) == lines[1] else {
            throw MalformedNote("its second line is no tree size")
        }
        guard let root = TreeHash(base64: lines[2]) else { throw MalformedNote("its third line is no root hash") }
        self.init(origin: lines[0], size: size, root: root, extensions: Array(lines[3...]))
    }

    /// What is signed.
    public var noteText: String { ([origin, String(size), root.base64] + extensions).map { $0 + "\n" }.joined() }
}

import HoopxCore

/// An inclusion proof with the signed checkpoint that it leads to: all that a third party needs beside the leaf and the
/// log's key (C2SP tlog-proof).
public struct TransparencyProof: Hashable, Sendable {
    /// From 0.
    public let leafIndex: Int64
    public let path: [TreeHash]
    /// A checkpoint, with the signature of the log and of those who witnessed it.
    public let checkpoint: SignedNote
    /// What comes with it; nobody vouches for it. hoopx puts the leaf there.
    public let extra: [UInt8]?

    public init(_ proof: InclusionProof, checkpoint: SignedNote, extra: [UInt8]? = nil) {
        leafIndex = proof.leafIndex
        path = proof.path
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Reads a proof as `encoded` writes it. Nothing is verified.
    public init(_ encoded: String) throws(MalformedNote) {
        var lines = encoded.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        func text(_ line: Substring.UTF8View) -> String { String(Substring(line)) }
        guard lines.popFirst().map(text) == Self.header else {
            throw MalformedNote("it does not begin with \(Self.header)")
        }
        if let line = lines.first.map(text), line.hasPrefix(Self.extraMark) {
            guard let bytes = Base64.decode(line.utf8.dropFirst(Self.extraMark.utf8.count)) else {
                throw MalformedNote("its extra data is not base64")
            }
            extra = bytes
            lines.removeFirst()
        } else {
            extra = nil
        }
        guard let line = lines.popFirst().map(text), line.hasPrefix(Self.indexMark),
            let index = Int64(line.dropFirst(Self.indexMark.count)), line == Self.indexMark + String(index), index >= 0
        else { throw MalformedNote("it has no index of a leaf") }
        leafIndex = index
        var path: [TreeHash] = []
        while let line = lines.popFirst(), !line.isEmpty {
            guard let hash = TreeHash(base64: Substring(line)) else {
                throw MalformedNote("its path has a line that is no hash")
            }
            path.append(hash)
        }
        self.path = path
        guard let start = lines.first?.startIndex else { throw MalformedNote("it has no checkpoint") }
        checkpoint = try SignedNote(String(encoded[start...]))
    }

    public var encoded: String {
        Self.header + "\n" + (extra.map { Self.extraMark + Base64.encode($0) + "\n" } ?? "") + Self.indexMark
            + "\(leafIndex)\n" + path.map { $0.base64 + "\n" }.joined() + "\n"
            + checkpoint.encoded
    }

    private static let header = "c2sp.org/tlog-proof@v1"
    private static let extraMark = "extra "
    private static let indexMark = "index "
}

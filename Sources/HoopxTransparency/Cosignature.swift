/// A witness's signature of a checkpoint: that it knew of no other state of the log at this time (C2SP
/// tlog-cosignature, Ed25519).
public struct Cosignature: Hashable, Sendable {
    /// In seconds since 1970.
    public let time: Int64
    /// 64 bytes.
    let signature: [UInt8]

    /// - Returns: nil where it is no cosignature by its form.
    public init?(_ signature: NoteSignature) {
        guard signature.bytes.count == 8 + 64 else { return nil }
        time = Int64(bitPattern: signature.bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) })
        guard time >= 0 else { return nil }
        self.signature = Array(signature.bytes[8...])
    }

    func message(for text: String) -> [UInt8] { Self.message(for: text, time: time) }

    static func message(for text: String, time: Int64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}

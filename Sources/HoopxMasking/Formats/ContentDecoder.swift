/// Undoes the content encodings of a body (RFC 9110, 8.4.1): gzip, deflate, br, zstd, and several of them in a row.
///
/// What can be decoded of the bytes that came is given out at once. After a failure it fails for good. Not `Sendable`.
public final class ContentDecoder {
    public enum Failure: Error, Hashable, Sendable {
        /// The coding is none that hoopx knows.
        case unknownCoding(String)
        /// The bytes are not what the coding says, end too early, or go on behind its end.
        case malformed
        /// It grows beyond what is inspected, or a thousand times.
        case tooLarge
    }

    /// What a few bytes may grow to at once, and how much each byte may: what is made to burst memory grows more. (Deflate
    /// cannot grow more than 1,032 times, text hardly a hundred.)
    static let unquestionedLength = 1 << 20
    static let largestGrowth = 1_000

    /// Nobody codes a body more often.
    static let maximumCodings = 4

    private let codings: [any ContentCoding]
    /// How much came out of each.
    private var lengths: [Int]
    private let limit: Int
    private var received = 0
    private var failure: Failure?

    /// - Parameters:
    ///   - codings: the values of `Content-Encoding`, in order; empty or `identity` for none.
    ///   - limit: how many bytes it may grow to, in each step.
    public init(codings: [String], limit: Int) throws(Failure) {
        let names = codings.flatMap { $0.split(separator: ",") }.map { name in
            name.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        var made: [any ContentCoding] = []
        for name in names.reversed() where !name.isEmpty && name != "identity" {
            guard made.count < Self.maximumCodings else { throw .unknownCoding(names.joined(separator: ", ")) }
            made.append(try Self.coding(name))
        }
        self.codings = made
        self.limit = limit
        lengths = Array(repeating: 0, count: made.count)
    }

    private static func coding(_ name: String) throws(Failure) -> any ContentCoding {
        switch name {
        case "gzip", "x-gzip": try InflateCoding(.gzip)
        case "deflate": try InflateCoding(.deflate)
        case "br": try BrotliCoding()
        case "zstd": try ZstandardCoding()
        default: throw .unknownCoding(name)
        }
    }

    /// Takes a piece of the body, and appends the content that it brings.
    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(Failure) {
        try append(bytes) { output.append(contentsOf: $0) }
    }

    /// Takes a piece of the body, and gives out the content that it brings, in pieces of 128 KiB at most.
    public func append(
        _ bytes: UnsafeRawBufferPointer, _ content: (UnsafeRawBufferPointer) -> Void
    ) throws(Failure) {
        if let failure { throw failure }
        guard !bytes.isEmpty else { return }
        received += bytes.count
        do {
            try decode(bytes, by: 0, content)
        } catch {
            failure = error
            throw error
        }
    }

    /// The body has ended.
    ///
    /// - Throws: where that is in the middle of what is encoded. A body without a byte is content without a byte.
    public func finish() throws(Failure) {
        if let failure { throw failure }
        guard codings.allSatisfy(\.isAtEnd) else {
            failure = .malformed
            throw .malformed
        }
    }

    private func decode(
        _ bytes: UnsafeRawBufferPointer, by index: Int, _ output: (UnsafeRawBufferPointer) -> Void
    ) throws(Failure) {
        guard index < codings.count else { return output(bytes) }
        let limit = min(limit, Self.unquestionedLength + received * Self.largestGrowth)
        try codings[index].decode(bytes) { content throws(Failure) in
            lengths[index] += content.count
            guard lengths[index] <= limit else { throw .tooLarge }
            try decode(content, by: index + 1, output)
        }
    }
}

/// One content coding being undone.
protocol ContentCoding: AnyObject {
    /// Gives out all that can be decoded.
    func decode(
        _ bytes: UnsafeRawBufferPointer,
        into output: (UnsafeRawBufferPointer) throws(ContentDecoder.Failure) -> Void
    ) throws(ContentDecoder.Failure)

    /// Whether the content may end here.
    var isAtEnd: Bool { get }
}

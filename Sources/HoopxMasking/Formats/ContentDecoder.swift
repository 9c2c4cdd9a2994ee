/// Undoes the content encodings of a body (RFC 9110, 8.4.1): gzip, deflate, br, zstd, and several of them in a row.
public final class ContentDecoder {
    public enum Failure: Error, Hashable, Sendable {
        /// The coding is none that hoopx knows.
        case unknownCoding(String)
        /// The bytes are not what the coding says.
        case malformed
        /// It grows beyond what is inspected.
        case tooLarge
    }

    /// - Parameters:
    ///   - codings: the values of `Content-Encoding`, in order; empty or `identity` for none.
    ///   - limit: how many bytes it may grow to.
    public init(codings: [String], limit: Int) throws(Failure) {}

    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(Failure) { output += bytes }

    /// - Throws: where the encoded body is cut off.
    public func finish(into output: inout [UInt8]) throws(Failure) {}
}

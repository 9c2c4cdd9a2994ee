import CHoopxTestSupport

/// A content coding of HTTP (RFC 9110, 8.4.1), made with the libraries that everybody uses.
public enum ContentCoding: String, CaseIterable, Sendable {
    case gzip, deflate, br, zstd

    /// A whole body in this coding.
    public func encoded(_ bytes: [UInt8]) -> [UInt8] { BodyCompressor(self).compress(bytes, isLast: true) }
}

/// Compresses one body piece by piece; what each call returns can be read at once.
public final class BodyCompressor {
    private let compressor: OpaquePointer

    public init(_ coding: ContentCoding) {
        guard let compressor = hoopx_test_compressor_make(coding.rawValue) else { preconditionFailure("no memory") }
        self.compressor = compressor
    }

    deinit { hoopx_test_compressor_free(compressor) }

    public func compress(_ bytes: [UInt8], isLast: Bool = false) -> [UInt8] {
        // Enough for what cannot be compressed, with the frame around it.
        let room = bytes.count + bytes.count / 100 + 4_096
        return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            let written = hoopx_test_compress(
                compressor, bytes, bytes.count, isLast ? 1 : 0, buffer.baseAddress, buffer.count)
            precondition(written >= 0, "what was compressed does not fit")
            count = written
        }
    }
}

import CCompression

/// gzip (RFC 1952) and deflate, which is zlib's format (RFC 1950), and bare deflate (RFC 1951) from those who took the
/// name at its word (RFC 9110, 8.4.1.2).
final class InflateCoding: ContentCoding {
    enum Format { case gzip, deflate }

    private enum State {
        case start
        /// zlib's format and bare deflate differ in two bytes.
        case first(UInt8)
        case inflating
        /// Another member may follow (RFC 1952, 2.2), or zeros, with which some pad.
        case end
        case padding
    }

    private let format: Format
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    private var state = State.start

    init(_ format: Format) throws(ContentDecoder.Failure) {
        self.format = format
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The window's size as the format says; 16 more for gzip.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .malformed
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    var isAtEnd: Bool {
        switch state {
        case .start, .end, .padding: true
        case .first, .inflating: false
        }
    }

    func decode(
        _ bytes: UnsafeRawBufferPointer,
        into output: (UnsafeRawBufferPointer) throws(ContentDecoder.Failure) -> Void
    ) throws(ContentDecoder.Failure) {
        var rest = bytes
        while let byte = rest.first {
            switch state {
            case .start where format == .gzip: state = .inflating
            case .start:
                state = .first(byte)
                rest = rest[part: 1..<rest.count]
            case .first(let first):
                let isWrapped = first & 0x0f == 8 && (UInt(first) << 8 | UInt(byte)).isMultiple(of: 31)
                guard inflateReset2(stream, isWrapped ? 15 : -15) == Z_OK else { throw .malformed }
                state = .inflating
                try withUnsafeBytes(of: first) { first throws(ContentDecoder.Failure) in
                    _ = try inflate(first, into: output)
                }
            case .inflating:
                let consumed = try inflate(rest, into: output)
                rest = rest[part: consumed..<rest.count]
            case .end where format == .gzip && byte == 0x1f:
                guard inflateReset(stream) == Z_OK else { throw .malformed }
                state = .inflating
            case .end, .padding:
                guard byte == 0 else { throw .malformed }
                state = .padding
                rest = rest[part: 1..<rest.count]
            }
        }
    }

    /// - Returns: how much was consumed.
    private func inflate(
        _ bytes: UnsafeRawBufferPointer,
        into output: (UnsafeRawBufferPointer) throws(ContentDecoder.Failure) -> Void
    ) throws(ContentDecoder.Failure) -> Int {
        // zlib does not write there.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        let length = min(bytes.count, Int(UInt32.max))
        stream.pointee.avail_in = UInt32(length)
        defer { stream.pointee.next_in = nil }
        repeat {
            stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(buffer.count)
            let result = CCompression.inflate(stream, Z_SYNC_FLUSH)
            let count = buffer.count - Int(stream.pointee.avail_out)
            if count > 0 { try output(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            switch result {
            case Z_STREAM_END:
                state = .end
                return length - Int(stream.pointee.avail_in)
            // Without room or without more to read it says that it made no progress.
            case Z_OK, Z_BUF_ERROR: continue
            default: throw .malformed
            }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return length
    }
}

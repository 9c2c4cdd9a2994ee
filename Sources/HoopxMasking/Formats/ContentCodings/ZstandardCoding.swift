import CCompression

/// zstd (RFC 8878), in any number of frames.
final class ZstandardCoding: ContentCoding {
    private let context: OpaquePointer
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 131_072, alignment: 16)

    private(set) var isAtEnd = true

    init() throws(ContentDecoder.Failure) {
        guard let context = ZSTD_createDCtx() else { throw .malformed }
        self.context = context
        // A window of 8 MiB is what the content coding allows (RFC 9659, 3).
        guard ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23)) == 0 else { throw .malformed }
    }

    deinit {
        ZSTD_freeDCtx(context)
        buffer.deallocate()
    }

    func decode(
        _ bytes: UnsafeRawBufferPointer,
        into output: (UnsafeRawBufferPointer) throws(ContentDecoder.Failure) -> Void
    ) throws(ContentDecoder.Failure) {
        guard !bytes.isEmpty else { return }
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var isFull = false
        while input.pos < input.size || isFull {
            var room = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let start = input.pos
            let result = ZSTD_decompressStream(context, &room, &input)
            guard ZSTD_isError(result) == 0 else { throw .malformed }
            if room.pos > 0 { try output(UnsafeRawBufferPointer(rebasing: buffer[..<room.pos])) }
            // 0 says that a frame is done, and all of it given out.
            isFull = result != 0 && room.pos == room.size
            if result == 0 {
                isAtEnd = true
            } else if input.pos > start || room.pos > 0 {
                isAtEnd = false
            }
        }
    }
}

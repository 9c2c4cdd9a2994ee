import CCompression

/// br (RFC 7932).
final class BrotliCoding: ContentCoding {
    private let state: OpaquePointer
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 65_536)
    private var isEmpty = true
    private var hasEnded = false

    init() throws(ContentDecoder.Failure) {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { throw .malformed }
        self.state = state
    }

    deinit {
        BrotliDecoderDestroyInstance(state)
        buffer.deallocate()
    }

    var isAtEnd: Bool { isEmpty || hasEnded }

    func decode(
        _ bytes: UnsafeRawBufferPointer,
        into output: (UnsafeRawBufferPointer) throws(ContentDecoder.Failure) -> Void
    ) throws(ContentDecoder.Failure) {
        guard !bytes.isEmpty else { return }
        guard !hasEnded else { throw .malformed }
        isEmpty = false
        var available = bytes.count
        var next = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        while true {
            var room = buffer.count
            var place = buffer.baseAddress
            let result = BrotliDecoderDecompressStream(state, &available, &next, &room, &place, nil)
            let count = buffer.count - room
            if count > 0 { try output(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<count]))) }
            switch result {
            case BROTLI_DECODER_RESULT_SUCCESS:
                hasEnded = true
                guard available == 0 else { throw .malformed }
                return
            case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return
            case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
            default: throw .malformed
            }
        }
    }
}

import CCompression

/// Compresses chunks (zstd, RFC 8878), each alone or with another as its dictionary: what a conversation's last messages
/// became when the next was appended takes little beside what they were. Of one thread at a time.
final class ChunkCompressor {
    private static let level: Int32 = 3
    private let context: OpaquePointer?
    private var room = [UInt8](repeating: 0, count: ZSTD_compressBound(ContentChunker.maximum))

    init() { context = ZSTD_createCCtx() }

    deinit { ZSTD_freeCCtx(context) }

    /// - Returns: the bytes themselves where they do not become less.
    func compressed(_ bytes: [UInt8], with dictionary: [UInt8] = []) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        if room.count < bound { room = [UInt8](repeating: 0, count: bound) }
        let count = room.withUnsafeMutableBytes { room in
            bytes.withUnsafeBytes { bytes in
                dictionary.withUnsafeBytes { dictionary in
                    ZSTD_compress_usingDict(
                        context, room.baseAddress, room.count, bytes.baseAddress, bytes.count,
                        dictionary.baseAddress, dictionary.count, Self.level)
                }
            }
        }
        guard ZSTD_isError(count) == 0, count < bytes.count else { return bytes }
        return Array(room[..<count])
    }

    /// Whether zstd would take the bytes for a dictionary of its own format (RFC 8878, 5) rather than for content.
    static func isFormatted(_ dictionary: [UInt8]) -> Bool { dictionary.starts(with: [0x37, 0xa4, 0x30, 0xec]) }
}

/// Reads what `ChunkCompressor` wrote. Of one thread at a time.
final class ChunkDecompressor {
    private let context: OpaquePointer?

    init() { context = ZSTD_createDCtx() }

    deinit { ZSTD_freeDCtx(context) }

    /// - Returns: nil where it is not the compressed form of as many bytes.
    func bytes(of content: [UInt8], length: Int64, with dictionary: [UInt8] = []) -> [UInt8]? {
        guard content.count != length else { return content }
        guard (0...Int64(ContentChunker.maximum)).contains(length) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let count = bytes.withUnsafeMutableBytes { bytes in
            content.withUnsafeBytes { content in
                dictionary.withUnsafeBytes { dictionary in
                    ZSTD_decompress_usingDict(
                        context, bytes.baseAddress, bytes.count, content.baseAddress, content.count,
                        dictionary.baseAddress, dictionary.count)
                }
            }
        }
        return ZSTD_isError(count) == 0 && count == bytes.count ? bytes : nil
    }
}

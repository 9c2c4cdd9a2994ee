import CCompression
import HoopxCore

/// Compresses chunks (zstd, RFC 8878). Of one thread at a time.
final class ChunkCompressor {
    private static let level: Int32 = 3
    private let context: OpaquePointer?
    private var room = [UInt8](repeating: 0, count: ZSTD_compressBound(ContentChunker.maximum))

    init() { context = ZSTD_createCCtx() }

    deinit { ZSTD_freeCCtx(context) }

    /// - Returns: the bytes themselves where they do not become less.
    func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        guard let context else { throw DamagedRow(found: "there is no memory to compress with") }
        let bound = ZSTD_compressBound(bytes.count)
        if room.count < bound { room = [UInt8](repeating: 0, count: bound) }
        let count = room.withUnsafeMutableBytes { room in
            bytes.withUnsafeBytes { bytes in
                ZSTD_compressCCtx(
                    context, room.baseAddress, room.count, bytes.baseAddress, bytes.count, Self.level)
            }
        }
        guard ZSTD_isError(count) == 0, count < bytes.count else { return bytes }
        return Array(room[..<count])
    }
}

/// Reads what `ChunkCompressor` wrote. Of one thread at a time.
final class ChunkDecompressor {
    private let context: OpaquePointer?

    init() { context = ZSTD_createDCtx() }

    deinit { ZSTD_freeDCtx(context) }

    /// - Returns: nil where it is not the compressed form of as many bytes.
    func bytes(of content: [UInt8], length: Int) -> [UInt8]? {
        guard content.count != length else { return content }
        guard let context, (0...ContentChunker.maximum).contains(length) else { return nil }
        var bytes = [UInt8](repeating: 0, count: length)
        let count = bytes.withUnsafeMutableBytes { bytes in
            content.withUnsafeBytes { content in
                ZSTD_decompressDCtx(context, bytes.baseAddress, bytes.count, content.baseAddress, content.count)
            }
        }
        return ZSTD_isError(count) == 0 && count == length ? bytes : nil
    }
}

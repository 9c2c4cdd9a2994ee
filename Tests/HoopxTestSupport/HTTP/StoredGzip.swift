/// The gzip format (RFC 1952) with stored blocks only (RFC 1951, 3.2.4): every client can read it, and it needs no zlib.
public struct StoredGzip: Sendable {
    private var checksum: UInt32 = ~0
    private var size: UInt32 = 0

    public init() {}

    public static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]

    /// The block of one piece, of at most 65,535 bytes.
    public mutating func block(_ bytes: [UInt8], isLast: Bool = false) -> [UInt8] {
        for byte in bytes { checksum = Self.table[Int(UInt8(truncatingIfNeeded: checksum) ^ byte)] ^ (checksum >> 8) }
        size &+= UInt32(bytes.count)
        let length = UInt16(bytes.count)
        return [isLast ? 1 : 0] + Self.littleEndian(length) + Self.littleEndian(~length) + bytes
    }

    public var trailer: [UInt8] { Self.littleEndian(~checksum) + Self.littleEndian(size) }

    /// A whole member.
    public static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var gzip = StoredGzip()
        var result = header
        for start in stride(from: 0, to: bytes.count, by: 60_000) {
            result += gzip.block(Array(bytes[start..<min(start + 60_000, bytes.count)]))
        }
        return result + gzip.block([], isLast: true) + gzip.trailer
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }
}

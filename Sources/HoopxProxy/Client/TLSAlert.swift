import NIOCore

/// Fatal alerts that are sent in the clear, before a handshake (RFC 8446, 6.2): a client then names the reason
/// instead of reporting a broken connection.
enum TLSAlert: UInt8 {
    case accessDenied = 49
    case unrecognizedName = 112

    var record: ByteBuffer { ByteBuffer(bytes: [21, 3, 3, 0, 2, 2, rawValue]) }
}

import HoopxCore
import NIOCore

/// What hoopx needs of the first message of a TLS connection (RFC 8446, 4.1.2): the name that the client asks for.
///
/// The bytes come from a hostile process: every length is checked against what is there, and what is not exactly
/// as the RFC says is malformed.
struct ClientHello: Equatable {
    enum ServerName: Equatable {
        case absent
        case name(DomainName)
        /// Not a DNS host name: an address, an empty name, or several names (RFC 6066, 3 forbids each).
        case invalid
    }

    enum Reading: Equatable {
        /// More bytes are needed.
        case incomplete
        case malformed
        case hello(ClientHello)
    }

    let serverName: ServerName
    /// Whether the hello holds an encrypted one (extension 0xfe0d), which may ask for another name.
    let hasEncryptedHello: Bool

    /// The first byte of a TLS handshake record.
    static let firstByte: UInt8 = 22
    /// A hello is 200 to 2,000 bytes long; what is longer than this is not read on.
    static let maximumLength = 16 * 1024

    private static let serverNameExtension: UInt16 = 0
    private static let encryptedHelloExtension: UInt16 = 0xfe0d

    /// Reads the hello from the start of a connection, without consuming the bytes.
    static func read(_ bytes: ByteBuffer) -> Reading {
        var records = bytes
        var handshake = ByteBuffer()
        while true {
            if var message = completeMessage(handshake) {
                guard let hello = parse(&message) else { return .malformed }
                return .hello(hello)
            }
            guard handshake.readableBytes <= maximumLength else { return .malformed }
            switch nextFragment(&records) {
            case .incomplete: return .incomplete
            case .malformed: return .malformed
            case .fragment(var fragment):
                handshake.writeBuffer(&fragment)
                if let type = handshake.getInteger(at: handshake.readerIndex, as: UInt8.self), type != 1 {
                    return .malformed
                }
            }
        }
    }

    private enum Fragment {
        case incomplete, malformed
        case fragment(ByteBuffer)
    }

    /// Takes one handshake record (RFC 8446, 5.1); a hello may be spread over several.
    private static func nextFragment(_ records: inout ByteBuffer) -> Fragment {
        let start = records.readerIndex
        if let type = records.getInteger(at: start, as: UInt8.self), type != firstByte { return .malformed }
        if let major = records.getInteger(at: start + 1, as: UInt8.self), major != 3 { return .malformed }
        guard let length = records.getInteger(at: start + 3, as: UInt16.self) else { return .incomplete }
        guard (1...maximumLength).contains(Int(length)) else { return .malformed }
        guard records.readableBytes >= 5 + Int(length) else { return .incomplete }
        records.moveReaderIndex(forwardBy: 5)
        return records.readSlice(length: Int(length)).map { .fragment($0) } ?? .incomplete
    }

    private static func completeMessage(_ handshake: ByteBuffer) -> ByteBuffer? {
        let start = handshake.readerIndex
        guard let high = handshake.getInteger(at: start + 1, as: UInt8.self),
            let low = handshake.getInteger(at: start + 2, as: UInt16.self)
        else { return nil }
        return handshake.getSlice(at: start + 4, length: Int(high) << 16 | Int(low))
    }

    private static func parse(_ body: inout ByteBuffer) -> ClientHello? {
        guard body.readSlice(length: 2 + 32) != nil,
            body.readLengthPrefixedSlice(as: UInt8.self) != nil,
            body.readLengthPrefixedSlice(as: UInt16.self) != nil,
            body.readLengthPrefixedSlice(as: UInt8.self) != nil
        else { return nil }
        guard body.readableBytes > 0 else { return ClientHello(serverName: .absent, hasEncryptedHello: false) }
        guard var extensions = body.readLengthPrefixedSlice(as: UInt16.self), body.readableBytes == 0 else {
            return nil
        }

        var serverName: ServerName?
        var hasEncryptedHello = false
        while extensions.readableBytes > 0 {
            guard let type = extensions.readInteger(as: UInt16.self),
                var content = extensions.readLengthPrefixedSlice(as: UInt16.self)
            else { return nil }
            switch type {
            case serverNameExtension:
                guard serverName == nil, let name = parseServerName(&content) else { return nil }
                serverName = name
            case encryptedHelloExtension: hasEncryptedHello = true
            default: break
            }
        }
        return ClientHello(serverName: serverName ?? .absent, hasEncryptedHello: hasEncryptedHello)
    }

    private static func parseServerName(_ content: inout ByteBuffer) -> ServerName? {
        guard var list = content.readLengthPrefixedSlice(as: UInt16.self), content.readableBytes == 0,
            let type = list.readInteger(as: UInt8.self), let name = list.readLengthPrefixedSlice(as: UInt16.self)
        else { return nil }
        guard type == 0, list.readableBytes == 0 else { return .invalid }
        return DomainName(String(buffer: name)).map { .name($0) } ?? .invalid
    }
}

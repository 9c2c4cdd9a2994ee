import Crypto

/// A request for a time stamp of some data (RFC 3161, 2.4.1).
public struct TimestampRequest: Sendable {
    /// What tells the response to this request from an older one: 8 bytes.
    public let nonce: [UInt8]
    private let digest: [UInt8]

    public init(for data: [UInt8]) {
        digest = Array(SHA256.hash(data: data))
        var random = SystemRandomNumberGenerator()
        // DER writes integers without leading zeroes and with a sign: a first byte of 1 to 127 needs neither thought.
        nonce =
            [UInt8.random(in: 1...0x7f, using: &random)]
            + (1..<8).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Version 1, SHA-256 of the data, the nonce, and that the response shall have the signer's certificate.
    public var der: [UInt8] {
        let sha256 = Self.element(
            0x30, Self.element(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]) + Self.element(0x05, []))
        let imprint = Self.element(0x30, sha256 + Self.element(0x04, digest))
        return Self.element(
            0x30, Self.element(0x02, [1]) + imprint + Self.element(0x02, nonce) + Self.element(0x01, [0xff]))
    }

    /// All of them are short.
    private static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        precondition(contents.count < 0x80)
        return [tag, UInt8(contents.count)] + contents
    }
}

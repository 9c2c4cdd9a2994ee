import CTimestamp
import Crypto
import HoopxCore

/// What a time-stamping authority answered (RFC 3161, 2.4.2). It counts for nothing until it was verified.
public struct TimestampResponse: Hashable, Sendable {
    public let der: [UInt8]

    public init(der: [UInt8]) { self.der = der }

    /// Verifies that the authority has signed, and that it is of some data, as `openssl ts -verify` does.
    ///
    /// The signer's certificate must have been valid at the time that the token names.
    ///
    /// - Parameters:
    ///   - request: what it answers, where that is known.
    ///   - authorities: a PEM file of whom to trust.
    /// - Returns: the time that the token names.
    public func verify(
        of data: [UInt8], request: TimestampRequest? = nil, authorities: String
    ) throws(InvalidTimestamp) -> Timestamp {
        var seconds: Int64 = 0
        var reason = [CChar](repeating: 0, count: 256)
        let result = hoopx_timestamp_verify(
            der, der.count, Array(SHA256.hash(data: data)), request?.nonce, authorities, &seconds, &reason, reason.count
        )
        let words = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch result {
        case HOOPX_TIMESTAMP_VALID: return Timestamp(microseconds: seconds * 1_000_000)
        case HOOPX_TIMESTAMP_NO_LIBRARY: throw InvalidTimestamp("libcrypto.so.3 is not installed", isUnverifiable: true)
        case HOOPX_TIMESTAMP_NO_AUTHORITIES:
            throw InvalidTimestamp("\(authorities) has no certificates that can be read", isUnverifiable: true)
        case HOOPX_TIMESTAMP_NO_TOKEN: throw InvalidTimestamp("it is no answer that grants a time stamp")
        default: throw InvalidTimestamp(words.isEmpty ? "it does not verify" : words)
        }
    }
}

/// Why a time stamp does not count.
public struct InvalidTimestamp: Error, Hashable, Sendable {
    /// In lower case, without a full stop.
    public let found: String
    /// Whether it is the verifier that lacks something: nothing is said against the time stamp.
    public let isUnverifiable: Bool

    init(_ found: String, isUnverifiable: Bool = false) {
        self.found = found
        self.isUnverifiable = isUnverifiable
    }
}

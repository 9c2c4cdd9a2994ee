import HoopxCore

/// A cached identity as bytes: the moment, the tokens and the snapshot, each behind its length.
extension CachedIdentity {
    /// In bytes, more than which is not written or read: the tokens, and an issuer's metadata and keys.
    static let maximumSize = 4 << 20

    /// As secret as the tokens.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        Self.append(UInt64(bitPattern: obtainedAt.microseconds), to: &bytes)
        idToken.withValue { Self.append(Array($0.utf8), to: &bytes) }
        // A refresh token is never empty (RFC 6749, A.17).
        (refreshToken ?? Secret("")).withValue { Self.append(Array($0.utf8), to: &bytes) }
        Self.append(issuerSnapshot, to: &bytes)
        return bytes
    }

    /// - Returns: nil for bytes that are not exactly what `bytes` makes.
    init?(bytes: [UInt8]) {
        var rest = bytes[...]
        guard let moment = Self.number(from: &rest), let idToken = Self.field(from: &rest), !idToken.isEmpty,
            let refreshToken = Self.field(from: &rest), let snapshot = Self.field(from: &rest), rest.isEmpty
        else { return nil }
        self.init(
            idToken: Secret(String(decoding: idToken, as: UTF8.self)),
            refreshToken: refreshToken.isEmpty ? nil : Secret(String(decoding: refreshToken, as: UTF8.self)),
            issuerSnapshot: Array(snapshot), obtainedAt: Timestamp(microseconds: Int64(bitPattern: moment)))
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    private static func append(_ field: [UInt8], to bytes: inout [UInt8]) {
        append(UInt64(field.count), to: &bytes)
        bytes += field
    }

    private static func number(from rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func field(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let count = number(from: &rest), count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}

import Crypto
import HoopxCore

/// Keeps what a login gave between runs, for each issuer and client.
public protocol TokenCache: Sendable {
    /// - Throws: where the cache cannot work here at all, so that a login would not help.
    func load(_ key: CacheKey) async throws(HoopxError) -> CacheLookup

    /// Keeps an identity, in the place of an older one.
    func store(_ identity: CachedIdentity, for key: CacheKey) async throws(HoopxError)

    /// Forgets an identity; one that is not there is no error.
    func remove(_ key: CacheKey) async throws(HoopxError)

    /// Runs a body that no other holder of this key's lock runs beside, in no process that shares the cache. Whoever
    /// refreshes loads once more inside of it: another may have just done so.
    ///
    /// - Throws: what the body throws, or that the lock was not to be had in time.
    func withLock<Result: Sendable>(
        _ key: CacheKey, _ body: @Sendable () async throws(HoopxError) -> Result
    ) async throws(HoopxError) -> Result
}

/// What a cached identity is filed under.
public struct CacheKey: Hashable, Sendable {
    public let issuer: String
    public let clientID: String

    public init(issuer: String, clientID: String) {
        self.issuer = issuer
        self.clientID = clientID
    }

    /// A name for files and items: SHA-256 over both, 64 hexadecimal digits.
    var digest: String {
        var hash = SHA256()
        for part in [issuer, clientID] {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(part.utf8))
        }
        return Hexadecimal.text(hash.finalize())
    }

    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { Hexadecimal.value(of: $0) != nil }
    }

    /// What an identity is filed under, by what its own token says.
    ///
    /// - Returns: nil where that is something else than what has the digest.
    init?(of identity: CachedIdentity, filedUnder digest: String) {
        guard let claims = KeptClaims(identity.idToken), let issuer = claims.issuer,
            let key = claims.audience.map({ CacheKey(issuer: issuer, clientID: $0) }).first(where: {
                $0.digest == digest
            })
        else { return nil }
        self = key
    }
}

/// What a login or a refresh gave.
public struct CachedIdentity: Sendable {
    public let idToken: Secret
    public let refreshToken: Secret?
    /// What `Issuer` needs to verify the token again without the network. Public by itself.
    public let issuerSnapshot: [UInt8]
    public let obtainedAt: Timestamp

    public init(idToken: Secret, refreshToken: Secret?, issuerSnapshot: [UInt8], obtainedAt: Timestamp) {
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.issuerSnapshot = issuerSnapshot
        self.obtainedAt = obtainedAt
    }
}

/// What a cache has for a key.
public enum CacheLookup: Sendable {
    case found(CachedIdentity)
    case nothing
    /// Something is kept that cannot be used any more. A fresh login is needed, and takes its place.
    case lost(CacheLoss)
}

/// Why a kept identity cannot be used any more.
public struct CacheLoss: Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// The key that it is sealed with is gone; how that comes about.
        case keyLost(String)
        /// It is not what hoopx wrote.
        case damaged(String)
    }

    public let reason: Reason
    /// The path of the file that holds it.
    public let place: String

    public init(_ reason: Reason, place: String) {
        self.reason = reason
        self.place = place
    }

    /// What was found and what follows: "the login kept in ... cannot be opened any more: ...; a fresh login is needed".
    public var description: String {
        switch reason {
        case .keyLost(let explanation):
            "the login kept in \(place) cannot be opened any more: \(explanation); a fresh login is needed"
        case .damaged(let found):
            "the login kept in \(place) cannot be read: \(found); a fresh login is needed"
        }
    }
}

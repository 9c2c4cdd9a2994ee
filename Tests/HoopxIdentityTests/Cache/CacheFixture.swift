import Glibc
import HoopxCore
import HoopxLinux
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

/// A directory for a cache and a sealing key of the test's own, both gone at the end.
final class CacheFixture: Sendable {
    let keyDescription = "hoopx:test-cache:\(UInt64.random(in: .min ... .max))"
    let directory: String
    private let temporary: TemporaryDirectory

    init() throws {
        temporary = try TemporaryDirectory(owner: .current)
        directory = temporary.path + "/identity"
    }

    deinit {
        try? UserKey.find(keyDescription)?.remove()
        temporary.remove()
    }

    func cache(lockLimit: Duration = .seconds(50)) throws -> SealedFileCache {
        try SealedFileCache(
            directory: directory, keys: KernelKeyStore(description: keyDescription), lockLimit: lockLimit)
    }

    func path(_ key: CacheKey) -> String { "\(directory)/\(key.digest).sealed" }

    func bytes(_ key: CacheKey) throws -> [UInt8] {
        let file = try #require(fopen(path(key), "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
    }

    func write(_ bytes: [UInt8], for key: CacheKey) throws {
        try PrivateDirectory(directory).write(bytes, to: "\(key.digest).sealed")
    }

    static let key = CacheKey(issuer: "https://login.example.com", clientID: "hoopx-cli")

    static let identity = CachedIdentity(
        idToken: Secret("header.payload.signature"), refreshToken: Secret("refresh-me"),
        issuerSnapshot: [1, 2, 0, 255],
        obtainedAt: Timestamp(microseconds: 1_764_000_000_123_456))
}

extension CachedIdentity {
    /// Everything of it, for comparisons.
    var contents: [String] {
        [
            idToken.withValue { $0 }, refreshToken?.withValue { $0 } ?? "none", "\(issuerSnapshot)",
            "\(obtainedAt.microseconds)",
        ]
    }
}

extension CacheLookup {
    var identity: CachedIdentity? {
        guard case .found(let identity) = self else { return nil }
        return identity
    }

    var loss: CacheLoss? {
        guard case .lost(let loss) = self else { return nil }
        return loss
    }

    var isNothing: Bool {
        guard case .nothing = self else { return false }
        return true
    }
}

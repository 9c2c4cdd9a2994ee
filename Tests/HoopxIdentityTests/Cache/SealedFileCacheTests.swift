import CHoopxTestSupport
import Glibc
import HoopxCore
import HoopxLinux
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

@Suite(.timeLimit(.minutes(1))) struct SealedFileCacheTests {
    private let fixture: CacheFixture
    private let key = CacheFixture.key

    init() throws { fixture = try CacheFixture() }

    @Test func whatIsStoredIsLoadedByAnotherCache() async throws {
        try await fixture.cache().store(CacheFixture.identity, for: key)
        let loaded = try await fixture.cache().load(key).identity
        #expect(loaded?.contents == CacheFixture.identity.contents)
        let later = CachedIdentity(
            idToken: Secret("a.b.c"), refreshToken: nil, issuerSnapshot: [], obtainedAt: Timestamp(microseconds: -1))
        try await fixture.cache().store(later, for: key)
        #expect(try await fixture.cache().load(key).identity?.contents == ["a.b.c", "none", "[]", "-1"])
    }

    @Test func eachIssuerAndClientHasItsOwn() async throws {
        let cache = try fixture.cache()
        let others = [
            CacheKey(issuer: key.issuer, clientID: "other"), CacheKey(issuer: "https://other", clientID: key.clientID),
            CacheKey(issuer: key.issuer + key.clientID, clientID: ""),
        ]
        try await cache.store(CacheFixture.identity, for: key)
        for other in others { #expect(try await cache.load(other).isNothing) }
        try await cache.store(CacheFixture.identity, for: others[0])
        try cache.remove(key)
        #expect(try await cache.load(key).isNothing)
        #expect(try await cache.load(others[0]).identity != nil)
        try cache.remove(key)
    }

    @Test func onlyTheUserCanReadTheFilesAndNoneOfThemShowsAToken() async throws {
        try await fixture.cache().store(CacheFixture.identity, for: key)
        var status = stat()
        #expect(stat(fixture.path(key), &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(stat(fixture.directory, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o700)
        let text = String(decoding: try fixture.bytes(key), as: UTF8.self)
        for word in ["payload", "refresh", "example.com", "hoopx-cli"] { #expect(!text.contains(word)) }
        #expect(DirectoryListing.names(in: fixture.directory).count == 1, "no temporary file is left")
    }

    @Test func aLostKeyAsksForAFreshLoginWhichWorks() async throws {
        let cache = try fixture.cache()
        try await cache.store(CacheFixture.identity, for: key)
        try UserKey.find(fixture.keyDescription)?.remove()
        let loss = try #require(try await cache.load(key).loss)
        guard case .keyLost = loss.reason else {
            Issue.record("\(loss.reason)")
            return
        }
        #expect("\(loss)".contains("last boot") && "\(loss)".hasSuffix("a fresh login is needed"))
        #expect("\(loss)".contains(fixture.path(key)))
        try await cache.store(CacheFixture.identity, for: key)
        #expect(try await cache.load(key).identity?.contents == CacheFixture.identity.contents)
    }

    @Test func aKeyThatIsNotTheFilesIsALostOne() async throws {
        let cache = try fixture.cache()
        try await cache.store(CacheFixture.identity, for: key)
        try UserKey.find(fixture.keyDescription)?.remove()
        try await cache.store(CacheFixture.identity, for: CacheKey(issuer: "https://other", clientID: "x"))
        guard case .keyLost = try await cache.load(key).loss?.reason else {
            Issue.record("the old file does not say that its key is lost")
            return
        }
    }

    @Test func aChangeOfAnyByteIsFoundOut() async throws {
        let cache = try fixture.cache()
        try await cache.store(CacheFixture.identity, for: key)
        let whole = try fixture.bytes(key)
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 0x40
            try fixture.write(changed, for: key)
            #expect(try await cache.load(key).loss != nil, "byte \(index)")
        }
        try fixture.write(whole, for: key)
        #expect(try await cache.load(key).identity != nil)
    }

    @Test func onlyWhatAnIdentityIsWrittenAsIsReadAsOne() {
        let bytes = CacheFixture.identity.bytes
        #expect(CachedIdentity(bytes: bytes)?.contents == CacheFixture.identity.contents)
        for length in bytes.indices { #expect(CachedIdentity(bytes: Array(bytes.prefix(length))) == nil) }
        #expect(CachedIdentity(bytes: bytes + [0]) == nil)
    }

    @Test func whatStandsInFrontIsSealedWithTheRest() throws {
        let sealingKey = try #require(SealingKey(SealingKey.randomBytes()))
        let bytes = try SealedIdentity(CacheFixture.identity, for: key, with: sealingKey).bytes
        #expect(
            try SealedIdentity(bytes: bytes).identity(filedUnder: key.digest, with: sealingKey).contents
                == CacheFixture.identity.contents)
        // The key's id: the file would name a key that did not seal it.
        var renamed = bytes
        renamed["hoopx-id".utf8.count + 1] ^= 1
        #expect(throws: SealedIdentity.Damage(found: "it was changed, or is of another issuer or client")) {
            try SealedIdentity(bytes: renamed).identity(filedUnder: key.digest, with: sealingKey)
        }
        var newer = bytes
        newer["hoopx-id".utf8.count] += 1
        #expect(throws: SealedIdentity.Damage(found: "another version of hoopx wrote it")) {
            try SealedIdentity(bytes: newer)
        }
    }

    @Test func aFileThatIsCutOffOrLongerIsFoundOutAndReplaced() async throws {
        let cache = try fixture.cache()
        try await cache.store(CacheFixture.identity, for: key)
        let whole = try fixture.bytes(key)
        for count in whole.indices {
            try fixture.write(Array(whole[..<count]), for: key)
            guard case .damaged = try await cache.load(key).loss?.reason else {
                Issue.record("\(count) bytes")
                return
            }
        }
        try fixture.write(whole + [0], for: key)
        #expect(try await cache.load(key).loss != nil)
        try await cache.store(CacheFixture.identity, for: key)
        #expect(try await cache.load(key).identity != nil)
    }

    @Test func aFileOfAnotherIssuerDoesNotOpen() async throws {
        let cache = try fixture.cache()
        let other = CacheKey(issuer: "https://evil.example.com", clientID: key.clientID)
        try await cache.store(CacheFixture.identity, for: other)
        try #require(rename(fixture.path(other), fixture.path(key)) == 0)
        #expect(
            try await cache.load(key).loss?.reason == .damaged("it was changed, or is of another issuer or client"))
    }

    @Test func whatIsNoFileOfTheUsersOwnIsNotRead() async throws {
        let cache = try fixture.cache()
        try await cache.store(CacheFixture.identity, for: key)
        let path = fixture.path(key)
        let aside = path + ".aside"

        try #require(chmod(path, 0o640) == 0)
        #expect(try await cache.load(key).loss?.reason == .damaged("other users may read or change it (mode 640)"))
        try #require(chmod(path, 0o600) == 0)

        try #require(rename(path, aside) == 0 && symlink(aside, path) == 0)
        #expect(try await cache.load(key).loss?.reason == .damaged("it is a symbolic link"))
        try #require(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        #expect(try await cache.load(key).loss?.reason == .damaged("it is not a regular file"))
        // A fresh login takes the place of any of them.
        try await cache.store(CacheFixture.identity, for: key)
        #expect(try await cache.load(key).identity != nil)

        if getuid() == 0 {
            try #require(chown(path, 65534, 65534) == 0)
            #expect(try await cache.load(key).loss?.reason == .damaged("it belongs to uid 65534, not to you (uid 0)"))
        }
        try #require(truncate(path, 1 << 40) == 0 && chown(path, getuid(), getgid()) == 0)
        #expect(try await cache.load(key).loss?.reason == .damaged("it is longer than any that hoopx writes"))
    }

    @Test func aDirectoryThatOthersMayEnterIsRefused() throws {
        _ = try fixture.cache()
        try #require(chmod(fixture.directory, 0o750) == 0)
        let error = #expect(throws: HoopxError.self) { _ = try fixture.cache() }
        #expect(error?.hint == "chmod 700 \(fixture.directory)")
    }

    @Test func anIdentityThatIsTooLargeIsRefused() async throws {
        let large = CachedIdentity(
            idToken: Secret("a.b.c"), refreshToken: nil,
            issuerSnapshot: [UInt8](repeating: 0, count: CachedIdentity.maximumSize), obtainedAt: .now())
        let error = await #expect(throws: HoopxError.self) { try await fixture.cache().store(large, for: key) }
        #expect(error?.doing == "keeping the login at https://login.example.com")
        #expect(try await fixture.cache().load(key).isNothing)
    }

    @Test func aForeignKeyOfTheSameNameIsAnErrorWithItsRemedy() async throws {
        try await fixture.cache().store(CacheFixture.identity, for: key)
        try UserKey.find(fixture.keyDescription)?.remove()
        _ = try UserKey.findOrMake(fixture.keyDescription, payload: [1, 2, 3])
        let error = await #expect(throws: HoopxError.self) { _ = try await fixture.cache().load(key) }
        #expect(error?.hint == "remove it with: keyctl purge user \(fixture.keyDescription)")
    }

    @Test func whereKeyringsAreRefusedTheErrorNamesTheOtherCaches() async throws {
        let store = KernelKeyStore(description: fixture.keyDescription)
        let errors = try await withCheckedThrowingContinuation { continuation in
            do {
                // The refusal stays with its thread.
                _ = try ServiceThread(name: "test") {
                    let isRefused = hoopx_test_refuse_keyrings() == 0
                    continuation.resume(
                        returning: isRefused
                            ? [Self.error { _ = try store.find() }, Self.error { _ = try store.findOrMake() }] : [])
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        #expect(errors.count == 2)
        for error in errors {
            #expect(error?.found.contains("operation not permitted (EPERM)") == true, "\(String(describing: error))")
            #expect(
                error?.hint == "set identity.cache to memory, or to secret_service where there is a desktop session")
        }
    }

    private static func error(_ body: () throws -> Void) -> HoopxError? {
        do {
            try body()
            return nil
        } catch {
            return error as? HoopxError
        }
    }

    @Test func cachesThatStoreAtTheSameTimeAgreeOnAKey() async throws {
        let keys = (0..<16).map { CacheKey(issuer: "https://\($0)", clientID: "x") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in keys {
                group.addTask { try await fixture.cache().store(CacheFixture.identity, for: key) }
            }
            try await group.waitForAll()
        }
        for key in keys { #expect(try await fixture.cache().load(key).identity != nil) }
    }

    @Test func onlyOneRefreshesAtATime() async throws {
        let cache = try fixture.cache()
        try await cache.store(CacheFixture.identity, for: key)
        let key = key
        // Each reads a number and writes the next one: none may be lost.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let cache = try fixture.cache()
                    try await cache.withLock(key) { () async throws(HoopxError) in
                        let snapshot = try await cache.load(key).identity?.issuerSnapshot ?? []
                        await Task.yield()
                        let next = CachedIdentity(
                            idToken: Secret("a.b.c"), refreshToken: nil, issuerSnapshot: snapshot + [9],
                            obtainedAt: .now())
                        try await cache.store(next, for: key)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await cache.load(key).identity?.issuerSnapshot.count == 24)
    }

    @Test func aLockThatIsHeldTooLongIsAnError() async throws {
        let (cache, key) = (try fixture.cache(lockLimit: .milliseconds(50)), key)
        let other = try fixture.cache(lockLimit: .milliseconds(50))
        let error = await #expect(throws: HoopxError.self) {
            try await cache.withLock(key) { () async throws(HoopxError) in
                try await other.withLock(key) { () async throws(HoopxError) in }
            }
        }
        #expect(error?.found.contains("another hoopx has held it") == true)
        // The lock is free again, and another key's never was in the way.
        try await other.withLock(key) { () async throws(HoopxError) in
            try await other.withLock(CacheKey(issuer: "x", clientID: "y")) { () async throws(HoopxError) in }
        }
    }

    @Test func aMemoryCacheForgetsWithTheProcess() async throws {
        let (cache, key) = (MemoryCache(), key)
        #expect(cache.load(key).isNothing)
        cache.store(CacheFixture.identity, for: key)
        #expect(cache.load(key).identity?.contents == CacheFixture.identity.contents)
        #expect(MemoryCache().load(key).isNothing)
        cache.remove(key)
        #expect(cache.load(key).isNothing)
    }

    @Test func aMemoryCachesLockIsHeldByOne() async throws {
        let (cache, key) = (MemoryCache(), key)
        cache.store(CacheFixture.identity, for: key)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await cache.withLock(key) { () async throws(HoopxError) in
                        let snapshot = cache.load(key).identity?.issuerSnapshot ?? []
                        await Task.yield()
                        let next = CachedIdentity(
                            idToken: Secret("a.b.c"), refreshToken: nil, issuerSnapshot: snapshot + [9],
                            obtainedAt: .now())
                        cache.store(next, for: key)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(cache.load(key).identity?.issuerSnapshot.count == 54)
    }
}

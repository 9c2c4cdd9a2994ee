import HoopxCore
import Testing

@testable import HoopxIdentity

struct IssuerSnapshotTests {
    private static let day: Int64 = 86_400

    /// What an earlier run with this issuer left.
    private func snapshot(_ issuer: TestIssuer, _ key: TestKey) async throws -> [UInt8] {
        let earlier = try issuer.issuer()
        #expect(earlier.snapshot() == nil)
        #expect(await reason(try issuer.verifier(earlier), try key.token(issuer.claims([:]))) == nil)
        return try #require(earlier.snapshot())
    }

    /// The requests of a verification that starts from a snapshot, and what it came to.
    private func start(
        _ issuer: TestIssuer, _ key: TestKey, _ snapshot: [UInt8]
    ) async throws -> (requests: Int, reason: VerificationFailure.Reason?) {
        let before = issuer.keyFetches + issuer.count(TestIssuer.discoveryPath)
        let verifier = try issuer.verifier(try issuer.issuer(snapshot: snapshot))
        let found = await reason(verifier, try key.token(issuer.claims([:])))
        return (issuer.keyFetches + issuer.count(TestIssuer.discoveryPath) - before, found)
    }

    @Test func aStartFromAFreshSnapshotNeedsNoNetwork() async throws {
        let keys = try TestKey.each()
        try await TestIssuer.run(keys) { issuer in
            let snapshot = try await snapshot(issuer, keys[0])
            issuer.clock.advance(by: 3_599)
            for key in keys { #expect(try await start(issuer, key, snapshot) == (0, nil)) }
            let metadata = try await issuer.issuer(snapshot: snapshot).metadata()
            #expect(metadata == (try await issuer.issuer().metadata()))
        }
    }

    @Test func anOldSnapshotsKeysAreAskedForAnew() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let snapshot = try await snapshot(issuer, key)
            issuer.clock.advance(by: 3_600)
            #expect(try await start(issuer, key, snapshot) == (1, nil))
        }
    }

    @Test func aSnapshotServesThroughAnOutageOfADay() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let snapshot = try await snapshot(issuer, key)
            issuer.answer("/keys", [.abort])
            issuer.answer(TestIssuer.discoveryPath, [.abort])
            issuer.clock.advance(by: 3_600 + Self.day - 1)
            #expect(try await start(issuer, key, snapshot).reason == nil)
            issuer.clock.advance(by: 1)
            #expect(try await start(issuer, key, snapshot).reason == .issuerUnavailable)
        }
    }

    @Test func aSnapshotOfTheFutureIsIgnored() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let snapshot = try await snapshot(issuer, key)
            issuer.clock.advance(by: -61)
            #expect(try await start(issuer, key, snapshot) == (2, nil))
        }
    }

    @Test func anotherIssuersSnapshotIsIgnored() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { other in
            let snapshot = try await snapshot(other, key)
            try await TestIssuer.run([key]) { issuer in
                let outcome = try await start(issuer, key, snapshot)
                #expect(outcome == (2, nil))
            }
        }
    }

    @Test func aCorruptSnapshotIsIgnored() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let snapshot = try await snapshot(issuer, key)
            for length in 0..<snapshot.count {
                #expect(IssuerSnapshot(Array(snapshot.prefix(length)), of: issuer.url) == nil)
            }
            #expect(IssuerSnapshot(snapshot, of: issuer.url) != nil)
            for _ in 0..<500 {
                var changed = snapshot
                changed[Int.random(in: changed.indices)] = UInt8.random(in: 0...255)
                _ = try issuer.issuer(snapshot: changed)
            }
            for bytes in [[], Array("{}".utf8), Array(repeating: 0x20, count: 1 << 20)] {
                #expect(try await start(issuer, key, bytes) == (2, nil))
            }
        }
    }

    @Test func aSnapshotOfAnotherVersionOrOfAnEndlessOneIsIgnored() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let text = String(decoding: try await snapshot(issuer, key), as: UTF8.self)
            for version in ["0", "2", "\"1\"", "null"] {
                let changed = text.replacing("\"version\":1", with: "\"version\":\(version)")
                #expect(changed != text && IssuerSnapshot(Array(changed.utf8), of: issuer.url) == nil)
            }
            let padded = text + String(repeating: " ", count: IssuerSnapshot.maximumLength - text.utf8.count)
            #expect(IssuerSnapshot(Array(padded.utf8), of: issuer.url) != nil)
            #expect(IssuerSnapshot(Array((padded + " ").utf8), of: issuer.url) == nil)
        }
    }

    @Test func aSnapshotsTimesAreBounded() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let text = String(decoding: try await snapshot(issuer, key), as: UTF8.self)
            for lifetime in ["1e300", "-1", "0.5", "\"x\""] {
                let changed = text.replacing("\"lifetime\":3600", with: "\"lifetime\":\(lifetime)")
                #expect(changed != text)
                let read = IssuerSnapshot(Array(changed.utf8), of: issuer.url)
                #expect(read.map { $0.keys.lifetime == 300 } ?? true)
            }
            let long = text.replacing("\"lifetime\":3600", with: "\"lifetime\":31536000")
            #expect(IssuerSnapshot(Array(long.utf8), of: issuer.url)?.keys.lifetime == Self.day)
        }
    }
}

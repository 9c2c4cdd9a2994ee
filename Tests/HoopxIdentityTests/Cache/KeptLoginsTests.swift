import Foundation
import HoopxCore
import HoopxLinux
import Testing

@testable import HoopxIdentity

@Suite(.timeLimit(.minutes(1))) struct KeptLoginsTests {
    private let fixture: CacheFixture
    private let keys = [
        CacheKey(issuer: "https://one.example.com", clientID: "hoopx"),
        CacheKey(issuer: "https://one.example.com", clientID: "other"),
        CacheKey(issuer: "https://two.example.com/tenant", clientID: "hoopx"),
    ]

    init() throws { fixture = try CacheFixture() }

    private func identity(issuer: String, audience: String) -> CachedIdentity {
        let claims = Data(#"{"iss":"\#(issuer)","sub":"ada","aud":\#(audience)}"#.utf8).base64EncodedString()
        let payload = claims.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        return CachedIdentity(
            idToken: Secret("e30.\(String(payload)).c2ln"), refreshToken: Secret("refresh"), issuerSnapshot: [],
            obtainedAt: .now())
    }

    private func known(_ logins: [KeptLogin]) -> Set<CacheKey> {
        Set(logins.compactMap { if case .known(let key) = $0 { key } else { nil } })
    }

    private func lost(_ logins: [KeptLogin]) -> [LostLogin] {
        logins.compactMap { if case .lost(let lost) = $0 { lost } else { nil } }
    }

    @Test func eachLoginIsKnownByItsOwnToken() async throws {
        let cache = try fixture.cache()
        #expect(try await cache.keptLogins().isEmpty)
        for key in keys {
            let audience = #"["somebody else","\#(key.clientID)"]"#
            try await cache.store(identity(issuer: key.issuer, audience: audience), for: key)
        }
        // What is no login: a lock, another cache's, one that is being written.
        for name in [
            "\(keys[0].digest).lock", "\(keys[0].digest).secret-service", ".\(keys[0].digest).sealed.x", "a.sealed",
        ] {
            try PrivateDirectory(fixture.directory).write([], to: name)
        }
        let logins = try await cache.keptLogins()
        #expect(known(logins) == Set(keys) && logins.count == 3)
    }

    @Test func aLoginThatIsAnothersByItsTokenIsLost() async throws {
        let cache = try fixture.cache()
        try await cache.store(identity(issuer: "https://evil.example.com", audience: #""hoopx""#), for: keys[0])
        let logins = try await cache.keptLogins()
        #expect(known(logins).isEmpty && lost(logins).count == 1)
    }

    @Test func whatCannotBeOpenedIsForgotten() async throws {
        let cache = try fixture.cache()
        try await cache.store(identity(issuer: keys[0].issuer, audience: #""hoopx""#), for: keys[0])
        try fixture.write(Array("no login".utf8), for: keys[1])
        let logins = try await cache.keptLogins()
        #expect(known(logins) == [keys[0]])
        let lost = try #require(lost(logins).first)
        #expect(lost.loss.description.contains("cannot be read"))
        try await cache.forget(lost)
        #expect(try await cache.keptLogins().count == 1)
        #expect(!DirectoryListing.names(in: fixture.directory).contains("\(keys[1].digest).sealed"))
    }

    @Test func aFreshLoginInThePlaceOfALostOneIsNotForgotten() async throws {
        let cache = try fixture.cache()
        try fixture.write([], for: keys[0])
        let lost = try #require(lost(try await cache.keptLogins()).first)
        try await cache.store(identity(issuer: keys[0].issuer, audience: #""hoopx""#), for: keys[0])
        try await cache.forget(lost)
        #expect(known(try await cache.keptLogins()) == [keys[0]])
    }
}

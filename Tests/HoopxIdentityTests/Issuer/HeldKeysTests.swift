import HoopxCore
import HoopxJSON
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

/// Keys through time: what is asked of the issuer when.
struct HeldKeysTests {
    private static let hour: Int64 = 3_600

    @Test func keysServeForTheirLifetime() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            issuer.clock.advance(by: Self.hour - 1)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches == 1)
            issuer.clock.advance(by: 1)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches == 2)
        }
    }

    @Test func aWithdrawnKeyEndsWithTheLifetime() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([]) { issuer in
            issuer.publish([key], cacheControl: "max-age=600")
            let verifier = try issuer.verifier()
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            issuer.publish([TestKey.p256("new")])
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            issuer.clock.advance(by: 600)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == .key)
        }
    }

    @Test func anUnknownKeyIsAskedForOnce() async throws {
        let old = TestKey.p256("old")
        let new = TestKey.p256("new")
        try await TestIssuer.run([old]) { issuer in
            let verifier = try issuer.verifier()
            #expect(await reason(verifier, try old.token(issuer.claims([:]))) == nil)
            issuer.publish([old, new])
            #expect(await reason(verifier, try new.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches == 2)
            #expect(await reason(verifier, try old.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches == 2)
        }
    }

    @Test func unknownKeysCannotMakeHoopxAskAllTheTime() async throws {
        let key = TestKey.p256()
        let unknown = TestKey.p256("unknown")
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            for _ in 0..<5 { #expect(await reason(verifier, try unknown.token(issuer.claims([:]))) == .key) }
            #expect(issuer.keyFetches == 2)
            issuer.clock.advance(by: 29)
            #expect(await reason(verifier, try unknown.token(issuer.claims([:]))) == .key)
            #expect(issuer.keyFetches == 2)
            issuer.clock.advance(by: 1)
            #expect(await reason(verifier, try unknown.token(issuer.claims([:]))) == .key)
            #expect(issuer.keyFetches == 3)
            // A clock that is set back does not end the asking.
            issuer.clock.advance(by: -40)
            #expect(await reason(verifier, try unknown.token(issuer.claims([:]))) == .key)
            #expect(issuer.keyFetches == 4)
        }
    }

    @Test func manyTokensOfANewKeyShareOneQuestion() async throws {
        let old = TestKey.p256("old")
        let new = TestKey.p256("new")
        try await TestIssuer.run([old]) { issuer in
            let verifier = try issuer.verifier()
            #expect(await reason(verifier, try old.token(issuer.claims([:]))) == nil)
            issuer.publish([old, new])
            let token = try new.token(issuer.claims([:]))
            await withTaskGroup(of: VerificationFailure.Reason?.self) { group in
                for _ in 0..<32 { group.addTask { await reason(verifier, token) } }
                for await found in group { #expect(found == nil) }
            }
            #expect(issuer.keyFetches == 2)
        }
    }

    @Test func theErrorOfAnUnknownKeySaysSo() async throws {
        try await TestIssuer.run([TestKey.p256()]) { issuer in
            let text = await failure(try issuer.verifier(), try TestKey.p256("gone\u{200b}").token(issuer.claims([:])))
            #expect(
                text.hasSuffix(
                    "expected a signature by one of the issuer's keys, found the key \"gone?\", which is none of them"))
        }
    }

    @Test func keysOutliveAShortOutage() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            issuer.answer("/keys", [.abort])
            issuer.clock.advance(by: Self.hour)
            for _ in 0..<3 { #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil) }
            // AsyncHTTPClient may ask once more where a kept connection was closed; the calls after it do not ask.
            let fetches = issuer.keyFetches
            issuer.clock.advance(by: 29)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches == fetches)
            issuer.clock.advance(by: 1)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches > fetches)
            issuer.clock.advance(by: 24 * Self.hour - 31)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            issuer.clock.advance(by: 1)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == .issuerUnavailable)
            issuer.publish([key])
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
        }
    }

    @Test func aServerErrorIsAnOutageAndAWrongAnswerIsNone() async throws {
        let key = TestKey.p256()
        for (answer, isServed) in [
            ([ResponseStep].answer("", status: .serviceUnavailable), true),
            (.answer("", status: .tooManyRequests), true),
            (.answer("", status: .notFound), false), (.answer("<p>", type: "text/html"), false),
            (.answer(#"{"keys":[{"kid":"a"},{"kid":"a"}]}"#), false), (.answer("", status: .found), false),
        ] {
            try await TestIssuer.run([key]) { issuer in
                let verifier = try issuer.verifier()
                #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
                issuer.answer("/keys", answer)
                issuer.clock.advance(by: Self.hour)
                let found = await reason(verifier, try key.token(issuer.claims([:])))
                #expect(found == (isServed ? nil : .issuerUnavailable))
            }
        }
    }

    @Test func aClockThatIsSetBackMakesKeysAskedForAnew() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let token = try key.token(issuer.claims([:]))
            #expect(await reason(verifier, token) == nil)
            issuer.clock.advance(by: -60)
            #expect(await reason(verifier, token) == nil)
            #expect(issuer.keyFetches == 1)
            issuer.clock.advance(by: -86_400)
            #expect(await reason(verifier, token) == .notYetValid)
            #expect(issuer.keyFetches == 2)
            #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            #expect(issuer.keyFetches == 2)
        }
    }

    @Test func aClockThatLeapsAheadEndsTokensAndOldKeys() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let token = try key.token(issuer.claims([:]))
            #expect(await reason(verifier, token) == nil)
            issuer.clock.advance(by: 365 * 86_400)
            #expect(await reason(verifier, token) == .expired)
            #expect(issuer.keyFetches == 2)
        }
    }

    @Test func theFaultOfASetNamesTheIssuer() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            issuer.publish([["kid": "a"], ["kid": "a"]] as JSONValue)
            let text = await failure(try issuer.verifier(), try key.token(issuer.claims([:])))
            #expect(
                text == "reading the key set of \(issuer.url): "
                    + #"expected each key to have its own name (kid), found "a" twice"#)
        }
    }

    @Test func aHugeKeySetIsCutOff() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            issuer.answer("/keys", [.head(.ok, [:]), .filling(64 << 20), .end(nil)])
            let text = await failure(try issuer.verifier(), try key.token(issuer.claims([:])))
            #expect(text.contains("\(issuer.url)/keys is longer than 262144 bytes"))
        }
    }
}

import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxIdentity

struct TokenClaimsTests {
    private static let now: Int64 = 1_800_000_000

    private func reason(
        _ changes: [String: JSONValue?], kind: IDTokenVerifier.TokenKind = .user, nonce: String? = nil
    ) -> VerificationFailure.Reason? { fault(changes, kind: kind, nonce: nonce)?.reason }

    private func fault(
        _ changes: [String: JSONValue?], kind: IDTokenVerifier.TokenKind = .user, nonce: String? = nil
    ) -> TokenFault? {
        var claims: [String: JSONValue] = [
            "sub": "u-1", "aud": "hoopx", "iat": .number(Double(Self.now)), "exp": .number(Double(Self.now + 600)),
        ]
        for (name, value) in changes { claims[name] = value }
        do throws(TokenFault) {
            _ = try TokenClaims(
                .object(claims), audience: "hoopx", kind: kind, nonce: nonce,
                now: Timestamp(microseconds: Self.now * 1_000_000))
            return nil
        } catch {
            return error
        }
    }

    private func at(_ seconds: Int64) -> JSONValue { .number(Double(Self.now + seconds)) }

    @Test func whatIsRightPasses() {
        #expect(reason([:]) == nil)
        #expect(reason(["aud": ["hoopx"], "azp": "hoopx", "nbf": at(0)]) == nil)
    }

    @Test func theAudienceMustBeAmongThem() {
        #expect(fault(["aud": "other"])?.found == #"expected audience "hoopx", found "other""#)
        let many = fault(["aud": ["a", "b", "c", "d"], "azp": "hoopx"])
        #expect(many?.found == #"expected audience "hoopx", found "a", "b", "c" and 1 more"#)
        for value: JSONValue? in [nil, .null, [], 7, ["hoopx", 7], ["hoopx": true], "hoopx ", "HOOPX", "hoop"] {
            #expect(reason(["aud": value, "azp": "hoopx"]) == .audience)
        }
        let hundred = JSONValue.array(Array(repeating: "hoopx", count: 100))
        #expect(reason(["aud": hundred, "azp": "hoopx"]) == nil)
        #expect(reason(["aud": .array(Array(repeating: "hoopx", count: 101)), "azp": "hoopx"]) == .audience)
    }

    @Test func theAuthorizedPartyIsTheClient() {
        #expect(reason(["aud": ["hoopx", "api"]]) == .audience)
        #expect(reason(["aud": ["hoopx", "api"], "azp": "hoopx"]) == nil)
        #expect(reason(["aud": ["hoopx", "api"], "azp": "api"]) == .audience)
        #expect(reason(["azp": "api"]) == .audience)
        #expect(reason(["azp": 7]) == .audience)
        #expect(reason(["azp": .null]) == .audience)
    }

    @Test func aWorkloadHasNoAuthorizedParty() {
        #expect(reason(["aud": ["hoopx", "api"]], kind: .workload) == nil)
        #expect(reason(["azp": "api"], kind: .workload) == nil)
        #expect(reason(["aud": "api"], kind: .workload) == .audience)
    }

    @Test func timesHaveAMinuteOfSkew() {
        #expect(reason(["iat": at(-700), "exp": at(-59)]) == nil)
        #expect(reason(["iat": at(-700), "exp": at(-60)]) == .expired)
        #expect(reason(["iat": at(60)]) == nil)
        #expect(reason(["iat": at(61)]) == .notYetValid)
        #expect(reason(["nbf": at(60)]) == nil)
        #expect(reason(["nbf": at(61)]) == .notYetValid)
    }

    @Test func timesAreNumbersOfADate() {
        for name in ["exp", "iat"] { #expect(reason([name: nil as JSONValue?]) == .malformed) }
        for name in ["exp", "iat", "nbf"] {
            for value: JSONValue in [.string("\(Self.now)"), .null, true, [], -1, .number(1e300), .number(2.6e11)] {
                #expect(reason([name: value]) == .malformed, "\(name): \(value)")
            }
        }
        #expect(reason(["exp": .number(Double(Self.now) + 0.5)]) == nil)
    }

    @Test func anAbsurdLifetimeIsRefused() {
        #expect(reason(["exp": at(31 * 86_400)]) == nil)
        #expect(reason(["exp": at(31 * 86_400 + 1)]) == .lifetime)
        #expect(reason(["exp": at(366 * 86_400)], kind: .workload) == nil)
        #expect(reason(["exp": at(366 * 86_400 + 1)], kind: .workload) == .lifetime)
        #expect(reason(["iat": at(30), "exp": at(30)]) == .lifetime)
        #expect(reason(["iat": at(30), "exp": at(20)]) == .lifetime)
    }

    @Test func theSubjectIsATextOfBoundedLength() {
        for value: JSONValue? in [nil, .null, 7, ["u"]] { #expect(reason(["sub": value]) == .subject) }
        for text in ["", "a\nb", "\u{1b}[2J", "\u{9b}2J", "\u{202e}x", String(repeating: "x", count: 1_025)] {
            #expect(reason(["sub": .string(text)]) == .subject)
        }
        #expect(reason(["sub": .string(String(repeating: "ä", count: 512))]) == nil)
    }

    @Test func theNonceMustBeTheLoginsOwn() {
        #expect(reason(["nonce": "n-1"], nonce: "n-1") == nil)
        #expect(reason(["nonce": "n-2"], nonce: "n-1") == .nonce)
        #expect(reason([:], nonce: "n-1") == .nonce)
        #expect(reason(["nonce": ["n-1"]], nonce: "n-1") == .nonce)
        #expect(reason(["nonce": "n-2"]) == nil)
    }
}

import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxIdentity

struct PrincipalMappingTests {
    private func principal(
        _ claims: JSONValue, groups: String? = "groups", prefixes: [(from: String, to: String)] = [],
        further: [String: String] = [:], kind: Principal.Kind = .user
    ) throws -> Principal {
        let token = VerifiedIDToken(
            token: Secret("a.b.c"), issuer: "https://login.example.com", subject: "u-1", audience: ["hoopx"],
            algorithm: "ES256", keyID: "k", issuedAt: Timestamp(microseconds: 1), expiresAt: Timestamp(microseconds: 2),
            claims: claims)
        let mapping = PrincipalMapping(
            groupsClaim: groups.flatMap(ClaimPath.init), groupPrefixes: prefixes,
            claims: further.compactMapValues(ClaimPath.init))
        return try mapping.principal(of: token, kind: kind, method: .deviceAuthorization)
    }

    private func fault(_ claims: JSONValue, further: [String: String] = [:]) -> String {
        do {
            _ = try principal(claims, further: further)
            return "it passed"
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsVerifiedIsKept() throws {
        let principal = try principal(["email": "a@example.com"])
        #expect(principal.subject == "u-1")
        #expect(principal.issuer == "https://login.example.com")
        #expect(
            principal.verification
                == .init(
                    method: .deviceAuthorization, algorithm: "ES256", keyID: "k", issuedAt: Timestamp(microseconds: 1),
                    expiresAt: Timestamp(microseconds: 2)))
    }

    @Test func aUsersNameIsTheBestThatThereIs() throws {
        var claims: [String: JSONValue] = ["name": "A B", "preferred_username": "ab", "email": "a@example.com"]
        for name in ["a@example.com", "ab", "A B", "u-1"] {
            let principal = try principal(.object(claims))
            #expect(principal.name == name)
            #expect(principal.email == claims["email"]?.string)
            for claim in ["email", "preferred_username", "name"] where claims.removeValue(forKey: claim) != nil {
                break
            }
        }
        #expect(try principal(["email": "a@example.com"], kind: .workload).name == "u-1")
    }

    @Test func anEmailThatIsNotVerifiedIsNone() throws {
        for value: JSONValue in [false, "false", 1, .null] {
            let principal = try principal(["email": "ceo@example.com", "email_verified": value])
            #expect(principal.email == nil)
            #expect(principal.name == "u-1")
        }
        for value: JSONValue in [true, "true"] {
            #expect(try principal(["email": "a@example.com", "email_verified": value]).email == "a@example.com")
        }
    }

    @Test func groupsKeepTheirOrderAndAreThereOnce() throws {
        #expect(try principal(["groups": ["b", "a", "b"]]).groups == ["b", "a"])
        #expect(try principal(["groups": "b, a"]).groups == ["b, a"])
        #expect(try principal(["realm_access": ["roles": ["r"]]], groups: "realm_access.roles").groups == ["r"])
        for claims: JSONValue in [[:], ["groups": .null], ["groups": []], ["groups": ""]] {
            #expect(try principal(claims).groups == [])
        }
        #expect(try principal(["groups": ["a"]], groups: nil).groups == [])
    }

    @Test func groupsThatAreNoNamesAreAnError() {
        let errors = [
            (["a", 7] as JSONValue, "the number 7"), (["a", .null], "null"), ([["a"]], "\"a\""),
            ([["a": 1]], "an object"),
            ([""], "\"\""),
        ]
        for (groups, found) in errors {
            #expect(
                fault(["groups": groups])
                    == "reading the claims of an ID token of https://login.example.com: "
                    + "expected names of groups in the claim \"groups\", found \(found) among them")
        }
        for groups: JSONValue in [7, true, ["a": "b"]] {
            #expect(fault(["groups": groups]).contains(#"expected a list of groups as the claim "groups""#))
        }
    }

    @Test func groupsHaveLimits() throws {
        let groups = { (count: Int) in JSONValue.array((0..<count).map { .string("g\($0)") }) }
        #expect(try principal(["groups": groups(1_000)]).groups.count == 1_000)
        #expect(
            fault(["groups": groups(10_000)])
                .hasSuffix(#"expected at most 1000 groups in the claim "groups", found 10000"#))
        #expect(try principal(["groups": [.string(String(repeating: "x", count: 256))]]).groups.count == 1)
        #expect(fault(["groups": [.string(String(repeating: "x", count: 257))]]).contains("found 257"))
        #expect(fault(["groups": ["a\u{1b}[2J"]]).contains("without control characters"))
    }

    @Test func groupsThatMustBeAskedForElsewhereAreAnError() {
        let claims: JSONValue = ["_claim_names": ["groups": "src1"], "_claim_sources": ["src1": ["endpoint": "x"]]]
        #expect(fault(claims).contains("_claim_names"))
    }

    @Test func prefixesChooseAndRename() throws {
        let prefixes = [(from: "hoopx-", to: ""), (from: "hoopx-admin-", to: "admins/"), (from: "x", to: "y")]
        let groups: JSONValue = ["hoopx-dev", "hoopx-admin-eu", "other", "hoopx-", "xx", "ahoopx-b", "HOOPX-c"]
        #expect(try principal(["groups": groups], prefixes: prefixes).groups == ["dev", "admins/eu", "yx"])
    }

    @Test func furtherClaimsAreText() throws {
        let claims: JSONValue = [
            "repository": "a/b", "run_id": 1_234_567_890, "ratio": .number(1.5), "ok": true, "none": .null,
            "kubernetes.io": ["pod": ["name": "p"]], "list": [1, "x"],
        ]
        let names = ["repository", "run_id", "ratio", "ok", "none", "missing", "list", "kubernetes.io.pod.name"]
        let found = try principal(
            claims, further: Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
        ).claims
        #expect(
            found == [
                "repository": "a/b", "run_id": "1234567890", "ratio": "1.5", "ok": "true", "list": #"[1,"x"]"#,
                "kubernetes.io.pod.name": "p",
            ])
        #expect(try principal(claims, further: ["pod": "kubernetes.io"]).claims["pod"] == #"{"pod":{"name":"p"}}"#)
    }

    @Test func whatWouldLoseSomethingIsAnError() {
        let further = ["c": "c"]
        #expect(fault(["c": .number(9_007_199_254_740_992)], further: further).contains("too large to be kept exactly"))
        #expect(fault(["c": .string(String(repeating: "x", count: 1_025))], further: further).contains("found 1025"))
        #expect(fault(["c": "a\nb"], further: further).contains("without control characters"))
        #expect(fault(["email": "a@b\u{0}"]).contains("without control characters"))
        #expect(fault(["preferred_username": 7]).contains(#"expected a text as the claim "preferred_username""#))
    }
}

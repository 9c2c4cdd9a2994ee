import HoopxJSON
import Testing

@testable import HoopxIdentity

struct ClaimPathTests {
    private let claims: JSONValue = [
        "groups": "top", "realm_access": ["roles": ["a"]], "https://example.com/groups": "url",
        "a.b": "whole", "a": ["b": "nested", "c": ["d": 1]],
        "resource_access": ["my.client": ["roles": "dotted"]], "text": "x",
    ]

    @Test(arguments: [
        ("groups", "top"), ("https://example.com/groups", "url"), ("a.b", "whole"),
        ("resource_access.my.client.roles", "dotted"),
    ])
    func aPathFindsItsClaim(path: String, value: String) throws {
        #expect(try #require(ClaimPath(path)).value(in: claims) == .string(value))
    }

    @Test func nestedClaimsAreFound() throws {
        #expect(try #require(ClaimPath("realm_access.roles")).value(in: claims) == ["a"])
        #expect(try #require(ClaimPath("a.c.d")).value(in: claims) == 1)
    }

    @Test(arguments: ["missing", "groups.x", "a.x", "a..b", ".a", "a.", "realm_access.roles.0", "a.c.d.e"])
    func whatIsNotThereIsNil(path: String) throws {
        #expect(try #require(ClaimPath(path)).value(in: claims) == nil)
    }

    @Test func aPathIsABoundedText() {
        #expect(ClaimPath("") == nil)
        #expect(ClaimPath("a\nb") == nil)
        #expect(ClaimPath(String(repeating: "a", count: 256)) != nil)
        #expect(ClaimPath(String(repeating: "a", count: 257)) == nil)
    }
}

import HoopxCore
import Testing

@testable import HoopxProxy

struct RequestTargetTests {
    @Test(
        arguments: [
            ("/", "/", nil), ("/v1/messages?beta=true", "/v1/messages", "beta=true"), ("/a?", "/a", ""),
            ("/a?b?c", "/a", "b?c"),
            ("//a//b", "//a//b", nil), ("/a%2Fb", "/a%2Fb", nil), ("/...", "/...", nil), ("/a.b/.c", "/a.b/.c", nil),
            ("/?../x", "/", "../x"),
        ] as [(String, String, String?)])
    func anOriginFormIsAPathAndAQuery(text: String, path: String, query: String?) throws {
        let target = try #require(RequestTarget(text))
        #expect(target.path == path && target.query == query && target.authority == nil)
        #expect(target.originForm == text)
    }

    @Test(arguments: [
        ("http://a.example.com", "a.example.com:80", "/"), ("HTTP://a.example.com:8080/x", "a.example.com:8080", "/x"),
        ("http://[::1]:80/", "[::1]:80", "/"), ("http://a.example.com?q", "a.example.com:80", "/?q"),
    ])
    func aWholeURLNamesAHost(text: String, authority: String, origin: String) throws {
        let target = try #require(RequestTarget(text))
        #expect(target.authority?.description == authority && target.originForm == origin)
    }

    @Test(arguments: [
        "", "*", "a", "a:443", "https://a/", "http://", "http:///x", "http://a b/", "http://u@a/", "http://a:0/",
        "/a b",
        "/a#b", "/a\\b", "/\u{e9}", "/a\u{7f}", "/.", "/..", "/a/../b", "/a/./b", "/%2e", "/%2E%2e/x", "/a/%2e.",
        "/a/.%2E/b",
    ])
    func whatServersReadDifferentlyIsNoTarget(text: String) { #expect(RequestTarget(text) == nil) }
}

struct HeaderRoleTests {
    @Test(arguments: ["Authorization", "AUTHORIZATION", "x-api-key", "X-Api-Key", "Private-Token"])
    func credentialHeadersAreKnownInAnyCase(name: String) {
        guard case .credential = HeaderRole(name) else { return #expect(Bool(false)) }
    }

    @Test(arguments: ["x-api-kez", "authorizatio", "", "x_api_key", "AUTHORIZATION ", "anthropic-beta", "a@b"])
    func otherHeadersAreEndToEnd(name: String) {
        guard case .endToEnd = HeaderRole(name) else { return #expect(Bool(false)) }
    }

    @Test func onlyLettersHaveACase() {
        #expect("a-B".isEqualIgnoringCase(to: "A-b"))
        // 0x20 apart, but no letters.
        #expect(!"a[".isEqualIgnoringCase(to: "a{"))
        #expect(!"-".isEqualIgnoringCase(to: "\r"))
    }
}

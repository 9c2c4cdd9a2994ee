import HoopxCore
import Testing

@Suite struct UpstreamURLTests {
    @Test(arguments: [
        ("https://api.anthropic.com", true, "api.anthropic.com:443", "", "api.anthropic.com"),
        ("https://gateway.example.com/", true, "gateway.example.com:443", "", "gateway.example.com"),
        ("https://gateway.example.com:8443/a/b/", true, "gateway.example.com:8443", "/a/b", "gateway.example.com:8443"),
        ("http://127.0.0.1:8080", false, "127.0.0.1:8080", "", "127.0.0.1:8080"),
        ("http://localhost/x", false, "localhost:80", "/x", "localhost"),
        ("https://[2001:db8::1]/v1", true, "[2001:db8::1]:443", "/v1", "[2001:db8::1]"),
        ("https://gateway.example.com:443", true, "gateway.example.com:443", "", "gateway.example.com"),
        ("http://gateway.example.com:443", false, "gateway.example.com:443", "", "gateway.example.com:443"),
    ])
    func itsPartsAreRead(text: String, isTLS: Bool, destination: String, prefix: String, authority: String) throws {
        let url = try #require(UpstreamURL(text))
        #expect(url.isTLS == isTLS)
        #expect(url.destination.description == destination)
        #expect(url.pathPrefix == prefix)
        #expect(url.authority == authority)
        #expect(UpstreamURL(url.description) == url)
    }

    @Test(arguments: [
        "", "api.anthropic.com", "ftp://api.anthropic.com", "https://", "https:///x", "https://user@host.example",
        "https://user:pass@host.example", "https://host.example/?a=b", "https://host.example?a",
        "https://host.example/#a",
        "https://host.example\\@evil.example", "https://*.example.com", "https://host.example:0",
        "https://host.example:x",
        "https:// host.example", "https://host.example/a b", "https://host.example/a\r\nHost: x",
        "https://host.example/a\u{0}b", "https://host.example/\u{7f}", "https://host.example/a\u{1b}[2J",
        "https://host.example/b\u{fc}", "https://host.example/?\u{301}a=b", "https://127.1/",
    ])
    func whatCarriesMoreThanAnOriginAndAPathIsRefused(text: String) {
        #expect(UpstreamURL(text) == nil)
    }
}

import HoopxCore
import Testing

@Suite struct HostPatternTests {
    @Test(arguments: [
        ("pypi.org:443", "pypi.org:443"), ("PyPI.org.:443", "pypi.org:443"), ("*.Debian.org:80", "*.debian.org:80"),
        ("192.0.2.7:22", "192.0.2.7:22"), ("[2001:db8::1]:443", "[2001:db8::1]:443"),
        ("[2001:DB8:0::1]:443", "[2001:db8::1]:443"), ("pypi.org:65535", "pypi.org:65535"),
    ])
    func patternsAreReadAndWritten(text: String, canonical: String) throws {
        let pattern = try #require(HostPattern(text, defaultPort: nil))
        #expect(pattern.description == canonical)
        #expect(HostPattern(canonical, defaultPort: nil) == pattern)
    }

    @Test(arguments: [
        "", ":443", "pypi.org", "pypi.org:", "pypi.org:0", "pypi.org:65536", "pypi.org:+443", "pypi.org:-1",
        "pypi.org:44a", "pypi.org: 443", "*", "*:443", "*.:443", "**.a:443", "*.*.a:443", "a.*.b:443", "*a.b:443",
        "*.192.0.2.7:443", "https://pypi.org:443", "pypi.org:443/x", "[::1]", "::1:443", "[::1]x:443", "[127.0.0.1]:80",
        "127.1:80", "pypi.org:443:443",
    ])
    func whatIsNoPatternWithAPortIsRefused(text: String) {
        #expect(HostPattern(text, defaultPort: nil) == nil)
    }

    @Test(arguments: [
        ("api.anthropic.com", "api.anthropic.com:443"), ("*.example.com", "*.example.com:443"), ("[::1]", "[::1]:443"),
        ("::1", "[::1]:443"), ("api.anthropic.com:8443", "api.anthropic.com:8443"),
    ])
    func aDefaultPortFillsIn(text: String, pattern: String) {
        #expect(HostPattern(text, defaultPort: 443)?.description == pattern)
    }

    @Test func subdomainsAreWholeLabelsBelowTheRest() throws {
        let pattern = try #require(HostPattern("*.debian.org:443", defaultPort: nil))
        #expect(pattern.matches(try destination("deb.debian.org:443")))
        #expect(pattern.matches(try destination("a.b.debian.org:443")))
        #expect(pattern.matches(try destination("DEB.Debian.Org.:443")))
        #expect(!pattern.matches(try destination("debian.org:443")))
        #expect(!pattern.matches(try destination("evildebian.org:443")))
        #expect(!pattern.matches(try destination("debian.org.evil.com:443")))
        #expect(!pattern.matches(try destination("deb.debian.org:80")))
        #expect(!pattern.matches(try destination("192.0.2.7:443")))
    }

    @Test func anExactPatternIsOneHostAndPort() throws {
        let pattern = try #require(HostPattern("pypi.org:443", defaultPort: nil))
        #expect(pattern.matches(try destination("pypi.org:443")))
        #expect(!pattern.matches(try destination("pypi.org:80")))
        #expect(!pattern.matches(try destination("files.pypi.org:443")))
        let address = try #require(HostPattern("127.0.0.1:5432", defaultPort: nil))
        #expect(address.matches(try destination("[::ffff:127.0.0.1]:5432")))
        #expect(!address.matches(try destination("[::1]:5432")))
    }

    private func destination(_ text: String) throws -> Destination {
        let pattern = try #require(HostPattern(text, defaultPort: nil))
        guard case .exact(let host) = pattern.host else { throw NotExact() }
        return Destination(host: host, port: pattern.port)
    }

    private struct NotExact: Error {}
}

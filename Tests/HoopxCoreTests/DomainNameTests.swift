import HoopxCore
import Testing

@Suite struct DomainNameTests {
    @Test(arguments: [
        ("pypi.org", "pypi.org"), ("PyPI.ORG", "pypi.org"), ("pypi.org.", "pypi.org"), ("localhost", "localhost"),
        ("_dmarc.example.com", "_dmarc.example.com"), ("a-b.c1", "a-b.c1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("1.2.3.4.example", "1.2.3.4.example"), ("0x.example", "0x.example"),
    ])
    func everySpellingOfANameIsOneValue(text: String, name: String) {
        #expect(DomainName(text)?.description == name)
    }

    @Test(arguments: [
        "", ".", "..", "a..b", ".a", "a.b..", "-a.b", "a-.b", "a b", "a/b", "a:b", "a@b", "*.b", "b\u{fc}cher.example",
        "a\u{0}b", "a\nb", "a%2eb",
    ])
    func whatDNSCannotCarryIsNoName(text: String) {
        #expect(DomainName(text) == nil)
    }

    @Test(arguments: [
        "127.0.0.1", "1", "0x7f000001", "127.1", "example.0x1f", "example.1", "example.0x", "017700000001",
    ])
    func whatResolversTakeForAnAddressIsNoName(text: String) {
        #expect(DomainName(text) == nil)
    }

    @Test func lengthsAreThoseOfDNS() {
        let label = String(repeating: "a", count: 63)
        let longest = [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
        #expect(longest.utf8.count == 253)
        #expect(DomainName(longest) != nil)
        #expect(DomainName(longest + ".") != nil)
        #expect(DomainName(longest + "a") == nil)
        #expect(DomainName(label + "a") == nil)
    }

    @Test(arguments: [
        ("_http._tcp.deb.example.com", "deb.example.com"), ("_dmarc.example.com", "example.com"),
        ("a_b.example.com", "a_b.example.com"), ("www._tcp.example.com", "www._tcp.example.com"), ("_tcp", "_tcp"),
    ])
    func theHostOfAServiceIsTheNameBehindIt(text: String, host: String) throws {
        #expect(try #require(DomainName(text)).host.description == host)
    }
}

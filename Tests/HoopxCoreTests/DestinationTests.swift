import HoopxCore
import Testing

@Suite struct DestinationTests {
    @Test func aHostIsAnAddressWhereItReadsAsOne() throws {
        #expect(Destination.Host("192.0.2.7") == .address(try #require(IPAddress("192.0.2.7"))))
        #expect(Destination.Host("[2001:db8::1]") == .address(try #require(IPAddress("2001:db8::1"))))
        #expect(Destination.Host("2001:db8::1") == .address(try #require(IPAddress("2001:db8::1"))))
        #expect(Destination.Host("Example.COM.") == .name(try #require(DomainName("example.com"))))
    }

    @Test(arguments: ["", "[]", "[", "[192.0.2.7]", "[example.com]", "[::1", "::1]", "127.1", "a b", "192.0.2.7\u{0}"])
    func whatIsNeitherIsNoHost(text: String) {
        #expect(Destination.Host(text) == nil)
    }

    @Test(arguments: [
        ("pypi.org", "pypi.org:443"), ("192.0.2.7", "192.0.2.7:443"), ("2001:db8::1", "[2001:db8::1]:443"),
        ("::ffff:192.0.2.7", "192.0.2.7:443"),
    ])
    func theTextIsWhatARuleTakes(host: String, text: String) throws {
        let destination = Destination(host: try #require(Destination.Host(host)), port: 443)
        #expect(destination.description == text)
        #expect(HostPattern(text, defaultPort: nil)?.matches(destination) == true)
    }
}

import HoopxCore
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("2001:DB8:0:0::1", "2001:db8::1"), ("0.0.0.0", "0.0.0.0"),
        ("::", "::"), ("255.255.255.255", "255.255.255.255"),
    ])
    func canonicalFormsAreRead(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "127.1", "0177.0.0.1", "127.0.0.01", "0x7f.0.0.1", "2130706433", "127.0.0.1 ", " 127.0.0.1", "127.0.0.1\n",
        "127.0.0.256", "127.0.0.1.", "fe80::1%lo", "[::1]", "1:2:3", "::1::", "localhost", "127.0.0.1\u{0}",
        "127.0.0.1\u{0}.example.com", "::1\u{0}x",
    ])
    func formsThatReadersDisagreeAboutAreNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func aMappedAddressIsTheAddressThatTheKernelRoutesItAs() throws {
        let mapped = try #require(IPAddress("::ffff:127.0.0.1"))
        #expect(mapped == .loopback)
        #expect(mapped.isV4)
        #expect(IPAddress(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1]) == .loopback)
        #expect(IPAddress("::127.0.0.1")?.isV4 == false)
    }

    @Test func bytesAreFourOrSixteen() {
        #expect(IPAddress(bytes: [127, 0, 0, 1]) == .loopback)
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1]) == IPAddress("::1"))
        for count in [0, 3, 5, 15, 17] { #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test(arguments: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.3.2.1"])
    func loopbackIsAllOfIt(text: String) {
        #expect(IPAddress(text)?.isLoopback == true)
    }

    @Test(arguments: ["126.255.255.255", "128.0.0.1", "0.0.0.0", "::", "::2", "1::1", "192.0.2.1"])
    func otherAddressesAreNotLoopback(text: String) {
        #expect(IPAddress(text)?.isLoopback == false)
    }

    @Test(arguments: ["0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"])
    func unspecifiedAddressesAreKnown(text: String) {
        #expect(IPAddress(text)?.isUnspecified == true)
    }

    @Test(arguments: [
        ("169.254.169.254", true), ("::ffff:169.254.169.254", true), ("fe80::1", true), ("febf::1", true),
        ("fec0::1", false), ("169.253.0.1", false), ("10.0.0.1", false), ("fd00:ec2::254", false),
    ])
    func theLinkIsKnown(text: String, isLinkLocal: Bool) {
        #expect(IPAddress(text)?.isLinkLocal == isLinkLocal)
    }
}

import Glibc
import HoopxCore
import HoopxLinux
import Testing

@testable import HoopxSandbox

@Suite struct SocketAddressTests {
    private func endpoint(_ text: String, _ port: UInt16) throws -> SocketAddress.Endpoint {
        SocketAddress.Endpoint(address: try #require(IPAddress(text)), port: port)
    }

    @Test func anEndpointSurvivesItsEncoding() throws {
        for (text, domain) in [("192.0.2.7", AF_INET), ("2001:db8::7", AF_INET6), ("192.0.2.7", AF_INET6)] {
            let endpoint = try endpoint(text, 443)
            #expect(try SocketAddress(endpoint, domain: domain).endpoint(domain: domain) == endpoint)
        }
    }

    @Test func aMappedAddressIsItsIPv4Address() throws {
        let head: [UInt8] = [10, 0, 1, 187, 0, 0, 0, 0]
        let address = SocketAddress(bytes: head + Array(repeating: 0, count: 10) + [255, 255, 1, 2, 3, 4])
        #expect(try address.endpoint(domain: AF_INET6) == endpoint("1.2.3.4", 443))
    }

    @Test func shortAndForeignAddressesFailAsInTheKernel() throws {
        let v4 = SocketAddress(try endpoint("192.0.2.7", 443), domain: AF_INET).bytes
        #expect(throws: Errno(EINVAL)) { try SocketAddress(bytes: Array(v4.prefix(15))).endpoint(domain: AF_INET) }
        #expect(throws: Errno(EINVAL)) { try SocketAddress(bytes: v4).endpoint(domain: AF_INET6) }
        #expect(throws: Errno(EAFNOSUPPORT)) { try SocketAddress(bytes: v4 + v4).endpoint(domain: AF_INET6) }
        #expect(throws: Errno(EINVAL)) { try SocketAddress(bytes: []).endpoint(domain: AF_INET) }
    }

    @Test func aUnixNameIsReadAsInTheKernel() throws {
        let family: [UInt8] = [1, 0]
        #expect(try SocketAddress(bytes: family + [47, 97]).unixName() == .path([47, 97]))
        #expect(try SocketAddress(bytes: family + [47, 97, 0, 98]).unixName() == .path([47, 97]))
        #expect(try SocketAddress(bytes: family + [0, 97, 0]).unixName() == .abstract([97, 0]))
        #expect(throws: Errno(EINVAL)) { try SocketAddress(bytes: family).unixName() }
        #expect(throws: Errno(EINVAL)) { try SocketAddress(bytes: [2, 0, 97]).unixName() }
        #expect(throws: Errno(EINVAL)) {
            try SocketAddress(bytes: family + [UInt8](repeating: 97, count: 109)).unixName()
        }
    }

    @Test func noAddressMeansTheMachineItself() throws {
        #expect(try endpoint("0.0.0.0", 80).asConnected == endpoint("127.0.0.1", 80))
        #expect(try endpoint("::", 80).asConnected == endpoint("::1", 80))
        #expect(try endpoint("0.0.0.1", 80).asConnected == endpoint("0.0.0.1", 80))
    }
}

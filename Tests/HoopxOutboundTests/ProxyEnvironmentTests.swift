import HoopxCore
import Testing

@testable import HoopxOutbound

struct ProxyEnvironmentTests {
    private func proxy(_ environment: [String: String], _ destination: String, isTLS: Bool = true) throws -> String? {
        let destination = try #require(Destination(authority: destination, defaultPort: nil))
        return try ProxyEnvironment(environment).proxy(for: destination, isTLS: isTLS)?.address.description
    }

    @Test func eachSchemeHasItsVariable() throws {
        let environment = ["HTTPS_PROXY": "http://s:1", "HTTP_PROXY": "http://p:2/"]
        #expect(try proxy(environment, "a.example.com:443") == "s:1")
        #expect(try proxy(environment, "a.example.com:80", isTLS: false) == "p:2")
        #expect(try proxy(["all_proxy": "proxy.example.com"], "a.example.com:443") == "proxy.example.com:80")
        #expect(try proxy(["https_proxy": "l:1", "HTTPS_PROXY": "u:1"], "a.example.com:443") == "l:1")
        #expect(try proxy(["HTTPS_PROXY": ""], "a.example.com:443") == nil)
    }

    @Test(arguments: [
        "*", "a.example.com", ".example.com", "example.com", "*.example.com", "x, a.example.com:443", "EXAMPLE.com",
    ])
    func anExceptionCoversTheNameAndWhatIsBelow(list: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://p:1", "NO_PROXY": list], "a.example.com:443") == nil)
    }

    @Test(arguments: ["ample.com", "b.example.com", "a.example.com:80", "192.0.2.0/24", "com.example.a", ""])
    func otherExceptionsDoNot(list: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://p:1", "NO_PROXY": list], "a.example.com:443") == "p:1")
    }

    @Test(arguments: [
        ("10.0.0.0/8", true), ("10.1.2.3", true), ("10.1.2.0/31", false), ("11.0.0.0/8", false), ("0.0.0.0/0", true),
    ])
    func networksCoverAddresses(list: String, isCovered: Bool) throws {
        let found = try proxy(["HTTPS_PROXY": "http://p:1", "NO_PROXY": list], "10.1.2.3:443")
        #expect((found == nil) == isCovered)
    }

    @Test(arguments: ["127.0.0.1:443", "localhost:443", "[::1]:443"])
    func loopbackIsNeverAskedOfAProxy(destination: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://p:1"], destination) == nil)
    }

    @Test(arguments: ["https://p:1", "socks5://p:1", "http://", "http://p:x", "not a url"])
    func whatIsNoProxyIsAnErrorThatHidesItsPassword(value: String) {
        let error = #expect(throws: HoopxError.self) {
            try ProxyEnvironment(["HTTPS_PROXY": value.replacing("p:", with: "user:hunter2@p:")])
        }
        #expect(error?.kind == .usage)
        #expect(!"\(String(describing: error))".contains("hunter2"))
    }

    @Test func userAndPasswordBecomeAHeader() throws {
        let environment = try ProxyEnvironment(["HTTPS_PROXY": "http://us%65r:p%40ss@proxy:3128"])
        let destination = Destination(host: .name(try #require(DomainName("a.example.com"))), port: 443)
        let found = try #require(environment.proxy(for: destination, isTLS: true))
        #expect(found.address.description == "proxy:3128")
        #expect(found.authorization?.withValue { $0 } == "Basic dXNlcjpwQHNz")
        #expect(!"\(found)".contains("dXNlcjpwQHNz"))
    }
}

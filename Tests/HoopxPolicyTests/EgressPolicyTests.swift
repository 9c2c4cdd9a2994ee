import HoopxCore
import HoopxPolicy
import Testing

@Suite struct EgressPolicyTests {
    @Test func aConnectionsHostGoesThroughItsPipeline() throws {
        let policy = try policy(hosts: ["api.anthropic.com"], tunnels: [])
        #expect(policy.route(to: try destination("api.anthropic.com:443")) == .connection(name: "claude"))
    }

    @Test func aTunnelIsNoWayAroundAConnection() throws {
        let policy = try policy(
            hosts: ["api.anthropic.com"], tunnels: ["*.anthropic.com:443", "api.anthropic.com:443"])
        #expect(policy.route(to: try destination("api.anthropic.com:443")) == .connection(name: "claude"))
        #expect(policy.route(to: try destination("www.anthropic.com:443")) == .tunnel(rule: "*.anthropic.com:443"))
    }

    @Test func aTunnelSaysByWhichRuleItPasses() throws {
        let policy = try policy(hosts: [], tunnels: ["pypi.org:443", "*.debian.org:443"])
        #expect(policy.route(to: try destination("pypi.org:443")) == .tunnel(rule: "pypi.org:443"))
        #expect(policy.route(to: try destination("deb.debian.org:443")) == .tunnel(rule: "*.debian.org:443"))
    }

    @Test(arguments: [
        "example.com:443", "pypi.org:80", "evil-pypi.org:443", "169.254.169.254:80", "192.0.2.7:443", "debian.org:443",
    ])
    func whatNoRuleNamesIsDenied(text: String) throws {
        let policy = try policy(hosts: ["api.anthropic.com"], tunnels: ["pypi.org:443", "*.debian.org:443"])
        let denial = try #require(denial(policy.route(to: try destination(text))))
        #expect(denial.code == .destinationNotAllowed)
        #expect(denial.layer == .egress)
        #expect(denial.rule == "egress.default")
        #expect(denial.subject.contains(text))
    }

    @Test func theHintOfADenialAllowsIt() throws {
        for text in ["example.com:443", "[2001:db8::1]:443", "192.0.2.7:22"] {
            let denied = try destination(text)
            let hint = try #require(denial(try policy(hosts: [], tunnels: []).route(to: denied))).hint
            let entry = try #require(hint.split(separator: "\"").dropFirst().first)
            #expect(try policy(hosts: [], tunnels: [String(entry)]).route(to: denied) == .tunnel(rule: String(entry)))
        }
    }

    @Test(arguments: ["127.0.0.1:5432", "127.9.9.9:80", "[::1]:80", "0.0.0.0:80", "[::]:80"])
    func loopbackIsDeniedUnderItsOwnCode(text: String) throws {
        let policy = try policy(hosts: ["api.anthropic.com"], tunnels: ["pypi.org:443"])
        #expect(denial(policy.route(to: try destination(text)))?.code == .loopbackNotAllowed)
    }

    @Test func aConnectionEnteredByItsBaseURLIsNotReachedPastIt() throws {
        let policy = try policy(hosts: ["api.anthropic.com"], entry: .baseURL, tunnels: ["api.anthropic.com:443"])
        let denial = try #require(denial(policy.route(to: try destination("api.anthropic.com:443"))))
        #expect(denial.code == .baseURLRequired)
        #expect(denial.rule == "connections.claude.entry")
    }

    @Test func anotherPortOfAConnectionsHostIsAnotherDestination() throws {
        let policy = try policy(hosts: ["api.anthropic.com"], tunnels: [])
        #expect(denial(policy.route(to: try destination("api.anthropic.com:80")))?.code == .destinationNotAllowed)
    }

    @Test func theFirstConnectionThatNamesAHostTakesIt() throws {
        let pattern = try #require(HostPattern("*.example.com", defaultPort: 443))
        let exact = try #require(HostPattern("api.example.com", defaultPort: 443))
        let policy = EgressPolicy(
            connections: [
                .init(name: "one", hosts: [exact], entry: .intercept),
                .init(name: "two", hosts: [pattern], entry: .intercept),
            ], tunnels: [])
        #expect(policy.route(to: try destination("api.example.com:443")) == .connection(name: "one"))
        #expect(policy.route(to: try destination("www.example.com:443")) == .connection(name: "two"))
    }

    @Test func whatIsLookedUpForAServiceIsAllowedByItsHost() throws {
        let denial = EgressPolicy.denial(ofLookup: try #require(DomainName("_http._tcp.deb.example.com")))
        #expect(denial.subject == "a lookup of _http._tcp.deb.example.com")
        #expect(denial.hint.hasPrefix("add \"deb.example.com:443\""))
    }

    @Test func aRuleNamesAHostAtWhicheverPort() throws {
        let policy = try policy(hosts: ["api.anthropic.com"], tunnels: ["*.debian.org:443"])
        for name in ["api.anthropic.com", "deb.debian.org"] {
            #expect(policy.names(try #require(Destination.Host(name))))
        }
        for name in ["anthropic.com", "debian.org", "192.0.2.7"] {
            #expect(!policy.names(try #require(Destination.Host(name))))
        }
    }

    private func policy(hosts: [String], entry: ConnectionEntry = .intercept, tunnels: [String]) throws -> EgressPolicy
    {
        let hosts = try hosts.map { try #require(HostPattern($0, defaultPort: 443)) }
        let tunnels = try tunnels.map { try #require(HostPattern($0, defaultPort: nil)) }
        return EgressPolicy(connections: [.init(name: "claude", hosts: hosts, entry: entry)], tunnels: tunnels)
    }

    private func destination(_ text: String) throws -> Destination {
        let colon = try #require(text.lastIndex(of: ":"))
        let host = try #require(Destination.Host(String(text[..<colon])))
        return Destination(host: host, port: try #require(UInt16(text[text.index(after: colon)...])))
    }

    private func denial(_ route: EgressRoute) -> Denial? {
        if case .deny(let denial) = route { return denial }
        return nil
    }
}

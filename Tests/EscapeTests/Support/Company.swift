import HoopxTestSupport

/// The world behind a company's proxy: the names that the configuration allows, and names that look like them. All are
/// one site; the proxy's log tells which were asked for.
struct Company {
    let proxy: CompanyProxy
    let site: LoopbackHTTPServer

    static let configuration = """
        version: 1
        egress: {tunnel: ["tunnel.example.com:443", "*.sub.example.com:443"]}
        """
    static let allowed: Set<String> = ["CONNECT tunnel.example.com:443 200", "CONNECT a.sub.example.com:443 200"]

    init(_ fixture: HoopxFixture) async throws {
        let context = try fixture.authority.serverContext(for: ["tunnel.example.com"])
        let site = try await LoopbackHTTPServer(tls: context) { _ in .answer("the page") }
        fixture.scope.atEnd { await site.close() }
        let names = [
            "tunnel.example.com", "a.sub.example.com", "evil.example.com", "eviltunnel.example.com", "sub.example.com",
            "evilsub.example.com", "tunnel.example.com.evil.example.com", "a.sub.example.com.evil.example.com",
            "tunnel.example.co", "tunnel-example.com", "*.sub.example.com",
        ]
        let ports = Dictionary(uniqueKeysWithValues: names.map { ("\($0):443", site.port) })
        let proxy = try await CompanyProxy(ports: ports)
        fixture.scope.atEnd { await proxy.close() }
        (self.proxy, self.site) = (proxy, site)
    }

    /// Runs names.py without hoopx, as a client of the company's proxy, and then under hoopx, which is one.
    ///
    /// - Parameter resolving: the target resolves the names itself; else there are no user namespaces, so that it asks
    ///   hoopx's explicit proxy for them.
    func attempt(
        _ name: String, _ fixture: HoopxFixture, resolving: Bool
    ) async throws -> (control: Attempted, supervised: Attempted) {
        let program = try [Programs.python, Programs.source("names.py"), name]
        let environment = ["HTTPS_PROXY": proxy.url, "NODE_EXTRA_CA_CERTS": try fixture.authorityFile()]
        let control = try await fixture.start(program: program, environment: environment).finish()
        let before = (log: proxy.log.count, site: site.requests.count)
        let first = Attempted(log: proxy.log, requestCount: before.site, run: control)
        let forbid = [
            "/usr/bin/unshare", "--user", "--map-root-user", "/bin/sh", "-c",
            #"echo 0 > /proc/sys/user/max_user_namespaces && exec "$@""#, "sh",
        ]
        let hoopx = [HoopxFixture.hoopx, "run", "--config", try fixture.configuration(Self.configuration), "--"]
        let run = try await fixture.start(
            program: (resolving ? [] : forbid) + hoopx + program, environment: environment
        ).finish()
        let second = Attempted(
            log: Array(proxy.log.dropFirst(before.log)), requestCount: site.requests.count - before.site, run: run)
        return (first, second)
    }

    struct Attempted {
        /// What the company's proxy was asked for.
        let log: [String]
        /// How many requests the site got.
        let requestCount: Int
        let run: FinishedProcess
    }
}

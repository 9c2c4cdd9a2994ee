/// A POST of 1 KB answered with 1 KB on kept connections, in plain HTTP (base URL) and over TLS (intercepted).
func measureRequests(_ setting: Setting, _ report: inout Report) throws {
    try setting.write(
        """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["x-api-key"] = os.getenv("ANTHROPIC_API_KEY")
        wrk.body = '{"text":"' .. string.rep("x", 1013) .. '"}'

        """, to: setting.path("post.lua"))
    try makeCertificate(setting)

    let plain = try Server.nginxAnswering(setting)
    defer { plain.stop() }
    let nginx = try Server.nginxForwarding(setting, to: plain.port)
    defer { nginx.stop() }
    let mitmproxy = try Server.mitmproxyForwarding(setting, to: plain.port)
    defer { mitmproxy?.stop() }
    let viaBaseURL = ["/bin/sh", "-c", #"exec wrk "$@" "$ANTHROPIC_BASE_URL/v1/messages""#, "wrk"]
    try compare(
        setting, named: "plain HTTP", isGoal: true, &report,
        [
            Way(name: "direct", setting.clientEnvironment(port: plain.port), { viaBaseURL + $0 }),
            Way(
                name: "hoopx", setting.environment,
                { try setting.supervised(viaBaseURL + $0, upstream: plain.port) }),
            Way(name: "nginx", setting.clientEnvironment(port: nginx.port), { viaBaseURL + $0 }),
        ]
            + (mitmproxy.map { server in
                [Way(name: "mitmproxy", setting.clientEnvironment(port: server.port), { viaBaseURL + $0 })]
            } ?? []))

    let direct = try Server.nginxAnswering(setting, tls: true)
    defer { direct.stop() }
    let proxy = try Server.nginxForwarding(setting, to: plain.port, tls: true)
    defer { proxy.stop() }
    let wrk = { (host: String) in
        { (options: [String]) in ["/usr/bin/wrk"] + options + ["https://\(host)/v1/messages"] }
    }
    try compare(
        setting, named: "TLS", isGoal: false, &report,
        [
            Way(name: "direct", setting.environment, wrk("127.0.0.1:\(direct.port)")),
            Way(
                name: "hoopx", setting.environment,
                { try setting.supervised(wrk("api.anthropic.com")($0), upstream: plain.port, entry: "intercept") }),
            Way(name: "nginx", setting.environment, wrk("127.0.0.1:\(proxy.port)")),
        ])
}

/// A self-signed one: nothing that is measured depends on who signed it.
private func makeCertificate(_ setting: Setting) throws {
    let openssl = "/usr/bin/openssl"
    let (key, certificate) = (setting.path("tls.key"), setting.path("tls.crt"))
    for arguments in [
        ["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key],
        ["req", "-x509", "-new", "-key", key, "-days", "1", "-subj", "/CN=localhost", "-out", certificate],
    ] {
        try Child([openssl] + arguments, environment: setting.environment).wait()
    }
}

/// One way of the same requests: the environment of the load generator, and its command line from its options.
private struct Way {
    let name: String
    let environment: [String: String]
    let command: ([String]) throws -> [String]

    init(
        name: String, _ environment: [String: String],
        _ command: @escaping ([String]) throws -> [String]
    ) {
        self.name = name
        self.environment = environment
        self.command = command
    }
}

/// Measures the ways in turns; the first is without hoopx, the second with it, the others are peers.
private func compare(
    _ setting: Setting, named name: String, isGoal: Bool, _ report: inout Report, _ ways: [Way]
) throws {
    let options = ["-t1", "-d1s", "--latency", "-s", setting.path("post.lua")]
    var medians = ways.map { _ in [Double]() }
    var rates = ways.map { _ in [Double]() }
    for _ in 0..<5 {
        for (index, way) in ways.enumerated() {
            let one = try way.command(["-c1"] + options)
            medians[index].append(try WrkResult(Child.output(of: one, environment: way.environment)).median)
            let many = try way.command(["-c32"] + options)
            rates[index].append(try WrkResult(Child.output(of: many, environment: way.environment)).rate)
        }
    }
    let p50 = medians.map { Sample($0).median }
    let rate = rates.map { Sample($0).median }
    let peers = ways.indices.dropFirst(2)
    report.add(
        Line(
            subject: "1 KB request over \(name), 1 connection, p50", without: p50[0].text() + " us",
            with: p50[1].text() + " us", price: (p50[1] - p50[0]).difference() + " us",
            goal: isGoal ? ("at most +200 us", p50[1] - p50[0] <= 200) : nil,
            peers: peers.map { (ways[$0].name, p50[$0].text() + " us") }))
    report.add(
        Line(
            subject: "1 KB requests over \(name), 32 connections", without: rate[0].text() + "/s",
            with: rate[1].text() + "/s", price: "x " + (rate[1] / rate[0]).text(decimals: 2),
            goal: isGoal ? ("at least 8,000/s", rate[1] >= 8_000) : nil,
            peers: peers.map { (ways[$0].name, rate[$0].text() + "/s") }))
}

/// What wrk printed.
struct WrkResult {
    /// Microseconds.
    let median: Double
    /// Requests a second.
    let rate: Double

    init(_ output: String) throws {
        let words = output.split(whereSeparator: \.isWhitespace)
        guard !output.contains("Non-2xx"), !output.contains("Socket errors"),
            let median = words.firstIndex(of: "50%").flatMap({ Self.microseconds(words[$0 + 1]) }),
            let rate = words.firstIndex(of: "Requests/sec:").flatMap({ Double(words[$0 + 1]) })
        else { throw BenchmarkError("requests failed:\n\(output)") }
        self.median = median
        self.rate = rate
    }

    private static func microseconds(_ text: Substring) -> Double? {
        for (unit, factor) in [("us", 1.0), ("ms", 1e3), ("s", 1e6)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * factor }
        }
        return nil
    }
}

import Glibc

/// Event streams, and one large body with hoopx's peak memory.
func measureBytes(_ setting: Setting, _ report: inout Report) throws {
    let upstream = try Server.upstream(setting)
    defer { upstream.stop() }
    let nginx = try Server.nginxForwarding(setting, to: upstream.port)
    defer { nginx.stop() }
    try measureEvents(setting, upstream, nginx, &report)
    for direction in ["down", "up"] { try measureBody(direction, setting, upstream, nginx, &report) }
}

private func measureEvents(
    _ setting: Setting, _ upstream: Server, _ nginx: Server, _ report: inout Report
) throws {
    let command = [setting.program("streams"), "200", "2", "200"]
    let supervised = try setting.supervised(command, upstream: upstream.port)
    let directEnvironment = setting.clientEnvironment(port: upstream.port)
    let peerEnvironment = setting.clientEnvironment(port: nginx.port)
    var direct: [Double] = []
    var under: [Double] = []
    var peer: [Double] = []
    for _ in 0..<5 {
        direct.append(
            try number(Child.output(of: command, environment: directEnvironment)))
        under.append(try number(Child.output(of: supervised, environment: setting.environment)))
        peer.append(try number(Child.output(of: command, environment: peerEnvironment)))
    }
    let rate = Sample(under).median
    report.add(
        Line(
            subject: "server-sent events, 200 streams at once", without: Sample(direct).median.text() + "/s",
            with: rate.text() + "/s", price: "x " + (rate / Sample(direct).median).text(decimals: 2),
            goal: ("at least 40,000/s", rate >= 40_000), peers: [("nginx", Sample(peer).median.text() + "/s")]))
}

private func measureBody(
    _ direction: String, _ setting: Setting, _ upstream: Server, _ nginx: Server, _ report: inout Report
) throws {
    let command = [setting.program("transfer"), direction, "1073741824"]
    let supervised = try setting.supervised(command, upstream: upstream.port)
    let directEnvironment = setting.clientEnvironment(port: upstream.port)
    let peerEnvironment = setting.clientEnvironment(port: nginx.port)
    var direct: [Double] = []
    var under: [Double] = []
    var peer: [Double] = []
    var peak = 0.0
    for _ in 0..<3 {
        direct.append(
            try number(Child.output(of: command, environment: directEnvironment)))
        under.append(
            try number(
                Child.output(of: supervised, environment: setting.environment) { pid in
                    peak = max(peak, peakMemory(of: pid) ?? 0)
                }))
        peer.append(try number(Child.output(of: command, environment: peerEnvironment)))
    }
    let rate = Sample(under).median
    report.add(
        Line(
            subject: "1 GiB body, \(direction)", without: Sample(direct).median.text() + " MiB/s",
            with: rate.text() + " MiB/s", price: "x " + (rate / Sample(direct).median).text(decimals: 2),
            peers: [("nginx", Sample(peer).median.text() + " MiB/s")]))
    report.add(
        Line(
            subject: "1 GiB body, \(direction), peak memory of hoopx", without: "-",
            with: peak.text(decimals: 1) + " MB", price: "", goal: ("at most 40 MB", peak > 0 && peak <= 40)))
}

/// The most that a process ever had in memory, in MB (10^6 bytes), or nil once it is gone (proc(5), VmHWM).
private func peakMemory(of pid: pid_t) -> Double? {
    guard let file = fopen("/proc/\(pid)/status", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
        let words = line.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            .split(whereSeparator: \.isWhitespace)
        if words.count == 3, words[0] == "VmHWM:" { return Double(words[1]).map { $0 * 1_024 / 1e6 } }
    }
    return nil
}

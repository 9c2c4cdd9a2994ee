/// connect(2) and execve(2), which are trapped, and getppid(2), which is not.
func measureCalls(_ setting: Setting, _ report: inout Report) throws {
    let connect = setting.program("connect-cost")
    let bwrap = ["/usr/bin/bwrap", "--unshare-net", "--dev-bind", "/", "/"]
    let connects = try inTurns(
        setting, rounds: 7,
        [
            [connect],
            try setting.supervised([connect, "api.anthropic.com", "443"], entry: "intercept"),
            try setting.supervised([connect]),
        ])
    let price = connects[1].median - connects[0].median
    report.add(
        Line(
            subject: "connect(2), served by the proxy", without: connects[0].median.text(decimals: 1) + " us",
            with: connects[1].median.text(decimals: 1) + " us", price: price.difference(decimals: 1) + " us",
            goal: ("at most +40 us", price <= 40)))
    let ownPrice = connects[2].median - connects[0].median
    report.add(
        Line(
            subject: "connect(2), to a server of the command's own",
            without: connects[0].median.text(decimals: 1) + " us",
            with: connects[2].median.text(decimals: 1) + " us", price: ownPrice.difference(decimals: 1) + " us",
            goal: ("at most +60 us", ownPrice <= 60)))

    let call = setting.program("syscall-cost")
    let emptyFilter = setting.program("empty-filter")
    let calls = try inTurns(
        setting, rounds: 9, [[call], try setting.supervised([call]), bwrap + [call], [emptyFilter, call]])
    let difference = calls[1].median - calls[0].median
    report.add(
        Line(
            subject: "getppid(2), not trapped", without: calls[0].median.text(decimals: 1) + " ns",
            with: calls[1].median.text(decimals: 1) + " ns", price: difference.difference(decimals: 1) + " ns",
            goal: ("the noise, \(calls[0].spread.text(decimals: 1)) ns", difference <= calls[0].spread),
            peers: [
                ("bwrap", calls[2].median.text(decimals: 1) + " ns"),
                ("an empty filter", calls[3].median.text(decimals: 1) + " ns"),
            ]))
    try measureExecutions(setting, &report)

    for bytes in [64, 4096] {
        let transfer = [setting.program("io-cost"), "\(bytes)"]
        let transfers = try inTurns(
            setting, rounds: 9, [transfer, try setting.supervised(transfer), [emptyFilter] + transfer])
        let slowdown = transfers[1].slowdown(over: transfers[0])
        report.add(
            Line(
                subject: "send and receive \(bytes) bytes on TCP and a socketpair",
                without: transfers[0].median.text() + " ns", with: transfers[1].median.text() + " ns",
                price: slowdown.difference(decimals: 1) + " %", goal: ("at most +3 %", slowdown <= 3),
                peers: [
                    ("an empty filter", transfers[2].slowdown(over: transfers[0]).difference(decimals: 1) + " %")
                ]))
    }
}

/// A program that is started and waited for, in turns with the same where executions are not recorded.
private func measureExecutions(_ setting: Setting, _ report: inout Report) throws {
    let spawn = setting.program("exec-cost")
    let spawns = try inTurns(
        setting, rounds: 7,
        [[spawn], try setting.supervised([spawn], recordsExecutions: false), try setting.supervised([spawn])])
    let slowdown = spawns[2].slowdown(over: spawns[0])
    report.add(
        Line(
            subject: "spawn of /bin/true, recorded", without: spawns[0].median.text() + " us",
            with: spawns[2].median.text() + " us", price: slowdown.difference(decimals: 1) + " %",
            goal: ("at most +15 %", slowdown <= 15), peers: [("audit: {exec: off}", spawns[1].median.text() + " us")]))
}

/// Runs commands that print one number, one after another, as often as asked; so all see the same weather.
func inTurns(
    _ setting: Setting, rounds: Int, _ commands: [[String]]
) throws -> [Sample] {
    var values = commands.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (index, command) in commands.enumerated() {
            values[index].append(try number(Child.output(of: command, environment: setting.environment)))
        }
    }
    return values.map(Sample.init)
}

/// The number that a program printed as its only line.
func number(_ output: String) throws -> Double {
    guard let value = Double(output.prefix { $0 != "\n" }) else {
        throw BenchmarkError("not a number: \(output)")
    }
    return value
}

import Glibc

/// What recording and masking cost where everything is on: all detectors, every body recorded, answers masked on their way.
func measureRecording(_ setting: Setting, _ report: inout Report) throws {
    try measureMaskedEvents(setting, &report)
    for durability in ["normal", "full"] { try measureMaskedRequests(setting, durability, &report) }
    try measureGrowth(setting, &report)
}

/// Streams of small events: as many as pass, and how much later they are there at a steady pace.
private func measureMaskedEvents(_ setting: Setting, _ report: inout Report) throws {
    let upstream = try Server.upstream(setting)
    defer { upstream.stop() }
    let direct = setting.clientEnvironment(port: upstream.port)
    let flood = [setting.program("streams"), "200", "2", "200"]
    // 30,000 events a second.
    let steady = [setting.program("pace"), "200", "300", "6666"]
    let supervised = { try setting.supervised($0, upstream: upstream.port, masksResponses: true) }
    var rates: (direct: [Double], under: [Double]) = ([], [])
    var delays: (direct: [Double], under: [Double]) = ([], [])
    for _ in 0..<5 {
        rates.direct.append(try numbers(Child.output(of: flood, environment: direct))[0])
        rates.under.append(try numbers(Child.output(of: supervised(flood), environment: setting.environment))[0])
        delays.direct.append(try numbers(Child.output(of: steady, environment: direct))[1])
        delays.under.append(try numbers(Child.output(of: supervised(steady), environment: setting.environment))[1])
    }
    let (rate, native) = (Sample(rates.under).median, Sample(rates.direct).median)
    report.add(
        Line(
            subject: "the same recorded and masked", without: native.text() + "/s", with: rate.text() + "/s",
            price: "x " + (rate / native).text(decimals: 2), goal: ("at least 30,000/s", rate >= 30_000)))
    let (late, prompt) = (Sample(delays.under).median / 1e3, Sample(delays.direct).median / 1e3)
    report.add(
        Line(
            subject: "30,000 such events a second, 99th percentile of the delay",
            without: prompt.text(decimals: 2) + " ms",
            with: late.text(decimals: 2) + " ms", price: (late - prompt).difference(decimals: 2) + " ms",
            goal: ("at most +10 ms", late - prompt <= 10)))
}

/// Requests that are not streamed: small ones, many at once, and one agent's with its history.
private func measureMaskedRequests(_ setting: Setting, _ durability: String, _ report: inout Report) throws {
    let server = try Server.nginxAnswering(setting)
    defer { server.stop() }
    // As in a conversation, the end of each body is new.
    try setting.write(
        """
        local words = {"file", "function", "value", "error", "test", "the", "of", "request", "server", "return", "and",
            "string", "list", "data", "why", "module", "to", "import", "path", "line", "is", "what", "changed", "in"}
        local history = ""
        math.randomseed(1)
        while #history < tonumber(os.getenv("BODY_SIZE")) do history = history .. words[math.random(#words)] .. " " end
        local turn = 0
        local key = os.getenv("ANTHROPIC_API_KEY")
        request = function()
            turn = turn + 1
            local text = history .. "Turn " .. turn .. "."
            return wrk.format("POST", nil, {["Content-Type"] = "application/json", ["x-api-key"] = key},
                '{"model":"claude-opus-4-5","max_tokens":1024,"messages":[{"role":"user","content":"' .. text .. '"}]}')
        end

        """, to: setting.path("conversation.lua"))
    let command = { (connections: Int, size: Int) in
        [
            "/usr/bin/env", "BODY_SIZE=\(size)", "/bin/sh", "-c",
            "exec wrk -t1 -c\(connections) -d1s --latency -s \(setting.path("conversation.lua")) "
                + "\"$ANTHROPIC_BASE_URL/v1/messages\"",
        ]
    }
    let direct = setting.clientEnvironment(port: server.port)
    var small: (direct: [Double], under: [Double]) = ([], [])
    var large: (direct: [Double], under: [Double]) = ([], [])
    for _ in 0..<5 {
        for (words, isLarge) in [(command(32, 900), false), (command(1, 48_000), true)] {
            let supervised = try setting.supervised(
                words, upstream: server.port, durability: durability, masksResponses: true)
            let native = try WrkResult(Child.output(of: words, environment: direct))
            let under = try WrkResult(Child.output(of: supervised, environment: setting.environment))
            if isLarge {
                large.direct.append(native.median)
                large.under.append(under.median)
            } else {
                small.direct.append(native.rate)
                small.under.append(under.rate)
            }
        }
    }
    let (rate, native) = (Sample(small.under).median, Sample(small.direct).median)
    report.add(
        Line(
            subject: "1 KB requests, 32 connections, masked, durability \(durability)", without: native.text() + "/s",
            with: rate.text() + "/s", price: "x " + (rate / native).text(decimals: 2),
            goal: ("at least 6,000/s", rate >= 6_000)))
    let (slow, fast) = (Sample(large.under).median, Sample(large.direct).median)
    report.add(
        Line(
            subject: "48 KB agent request, p50, durability \(durability)", without: fast.text() + " us",
            with: slow.text() + " us", price: (slow - fast).difference() + " us",
            goal: durability == "normal" ? ("at most +1,000 us", slow - fast <= 1_000) : nil))
}

/// What a conversation of 100 turns, each with all that was said before, adds to the audit database.
private func measureGrowth(_ setting: Setting, _ report: inout Report) throws {
    let server = try Server.nginxAnswering(setting)
    defer { server.stop() }
    let conversation = ["/usr/bin/python3", setting.conversation]
    let size = {
        try numbers(
            Child.output(
                of: [
                    "/usr/bin/python3", "-c",
                    """
                    import sqlite3, sys
                    database = sqlite3.connect(sys.argv[1])
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                    pages, free, size = (database.execute("PRAGMA " + name).fetchone()[0]
                                         for name in ("page_count", "freelist_count", "page_size"))
                    print((pages - free) * size)
                    """, setting.path("state") + "/hoopx/audit.sqlite",
                ], environment: setting.environment))[0]
    }
    let run = { (turns: Int) in
        try numbers(
            Child.output(
                of: setting.supervised(conversation + ["\(turns)"], upstream: server.port),
                environment: setting.environment))[0]
    }
    _ = try run(1)
    let before = try size()
    let body = try run(100)
    let growth = try size() - before
    report.add(
        Line(
            subject: "store after a conversation of 100 turns", without: (body / 1e3).text() + " KB, the last body",
            with: (growth / 1e3).text() + " KB", price: "x " + (growth / body).text(decimals: 2),
            goal: ("at most x 1.3", growth / body <= 1.3)))
}

private func numbers(_ output: String) throws -> [Double] {
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard !numbers.isEmpty else { throw BenchmarkError("expected numbers, found \(output)") }
    return numbers
}

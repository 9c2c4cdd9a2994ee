import Glibc

/// What an agent's tools do all day, as whole commands, through a tunnel and directly from a server of this machine that
/// the configuration names: a clone from a Git server, npm's installation of many small files, and, as the worst that can
/// happen, one small request after another to a server that is no distance away.
///
/// Each command runs many times within one run of hoopx, which leaves its start out, and writes to memory: a disk's own
/// noise is larger than what is measured.
func measureWork(_ setting: Setting, _ report: inout Report) throws {
    let root = setting.path("site")
    mkdir(root, 0o755)
    let memory = try MemoryDirectory()
    defer { memory.remove() }
    let copy = memory.path + "/copy"

    try makeRepository(commits: 200, in: root, setting)
    let git = try Server.gitServing(setting)
    defer { git.stop() }
    let server = try Server.nginxServing(setting, root: root, git: git)
    defer { server.stop() }
    let forwarder = try Server.nginxPassingOn(setting, to: server.port)
    defer { forwarder.stop() }
    try compare("git clone, 200 commits", runs: 4, server, forwarder, setting, &report) { server in
        "rm -rf \(copy) && git clone -q http://127.0.0.1:\(server.port)/git/repository.git \(copy)"
    }

    if setting.npm != nil {
        try makeRegistry(packages: 50, filesOfEach: 10, in: root, setting)
        try compare("npm install, 500 small files", runs: 1, server, forwarder, setting, &report) { server in
            "rm -rf \(copy) && mkdir \(copy) && cp \(root)/package.json \(copy) && cd \(copy) && npm install --silent "
                + "--no-audit --no-fund --no-update-notifier --registry http://127.0.0.1:\(server.port)/registry/ "
                + "--replace-registry-host=always --cache \(copy)/cache"
        }
    }

    try compareRequests(count: 500, server, forwarder, root: root, setting, &report)
}

private func timed(_ command: String, runs: Int, _ setting: Setting) -> [String] {
    [setting.program("command-cost"), "\(runs)", "/bin/sh", "-c", command]
}

private func tunnel(to server: Server) -> String { "{tunnel: [\"127.0.0.1:\(server.port)\"]}" }

private func compare(
    _ subject: String, runs: Int, _ server: Server, _ forwarder: Server, _ setting: Setting, _ report: inout Report,
    work: (Server) -> String
) throws {
    let command = timed(work(server), runs: runs, setting)
    let ways = [("tunnel", tunnel(to: server)), ("egress.loopback", "{loopback: [\(server.port)]}")]
    let forwarded = timed(work(forwarder), runs: runs, setting)
    let times = try inTurns(
        setting, rounds: 15, [command, forwarded] + ways.map { try setting.supervised(command, egress: $0.1) })
    for (way, time) in zip(ways, times.dropFirst(2)) {
        let slowdown = time.slowdown(over: times[0])
        report.add(
            Line(
                subject: "\(subject), by \(way.0)", without: times[0].median.text(decimals: 1) + " ms",
                with: time.median.text(decimals: 1) + " ms", price: slowdown.difference(decimals: 1) + " %",
                goal: ("at most +5 %", slowdown <= 5),
                peers: [("nginx passing bytes on", times[1].slowdown(over: times[0]).difference(decimals: 1) + " %")]))
    }
}

/// What no program between two others can avoid to cost, shown by one that passes bytes on and does nothing else.
private func compareRequests(
    count: Int, _ server: Server, _ forwarder: Server, root: String, _ setting: Setting, _ report: inout Report
) throws {
    try shell(
        "mkdir '\(root)/files' && cd '\(root)/files'"
            + " && for i in $(seq \(count)); do head -c $((i * 37 % 9000 + 200)) /dev/zero > $i; done", setting)
    func requests(to server: Server) throws -> [String] {
        let list = setting.path("files-\(server.port).list")
        try setting.write(
            (1...count).map { "url = http://127.0.0.1:\(server.port)/files/\($0)\noutput = /dev/null\n" }.joined(),
            to: list)
        return timed("curl -sS --fail -K \(list)", runs: 9, setting)
    }
    let command = try requests(to: server)
    let times = try inTurns(
        setting, rounds: 5,
        [command, try setting.supervised(command, egress: tunnel(to: server)), try requests(to: forwarder)])
    report.add(
        Line(
            subject: "\(count) requests of curl, one after another, by tunnel",
            without: times[0].median.text(decimals: 1) + " ms", with: times[1].median.text(decimals: 1) + " ms",
            price: times[1].slowdown(over: times[0]).difference(decimals: 1) + " %",
            peers: [("nginx passing bytes on", times[2].median.text(decimals: 1) + " ms")]))
}

private func makeRepository(commits: Int, in root: String, _ setting: Setting) throws {
    try shell(
        """
        cd '\(root)' && git init -q work && cd work
        for i in $(seq \(commits)); do
            for j in 1 2 3; do head -c 2000 /dev/urandom | base64 > "file-$((i * j % 40))"; done
            git add . && git -c user.name=a -c user.email=a@example.com commit -q -m "commit $i"
        done
        git clone -q --bare . ../repository.git && cd ../repository.git && git repack -q -a -d
        """, setting)
}

/// A registry as npm reads it (packuments and tarballs), and a project that depends on all of it.
private func makeRegistry(packages: Int, filesOfEach: Int, in root: String, _ setting: Setting) throws {
    try shell(
        """
        mkdir '\(root)/registry' && cd '\(root)/registry'
        dependencies=
        for i in $(seq \(packages)); do
            mkdir package
            printf '{"name":"small-%s","version":"1.0.0"}' "$i" > package/package.json
            for j in $(seq \(filesOfEach - 1)); do
                head -c $((i * j * 37 % 6000 + 100)) /dev/urandom | base64 > "package/file-$j.txt"
            done
            tar -czf "small-$i-1.0.0.tgz" package && rm -r package
            integrity=sha512-$(openssl dgst -sha512 -binary "small-$i-1.0.0.tgz" | base64 -w0)
            dist='{"tarball":"http://127.0.0.1/registry/small-'$i'-1.0.0.tgz","integrity":"'$integrity'"}'
            version='{"name":"small-'$i'","version":"1.0.0","dist":'$dist'}'
            printf '{"name":"small-%s","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":%s}}' "$i" "$version" > "small-$i"
            dependencies="$dependencies${dependencies:+,}\\"small-$i\\":\\"1.0.0\\""
        done
        printf '{"name":"project","version":"1.0.0","dependencies":{%s}}' "$dependencies" > '\(root)/package.json'
        """, setting)
}

private func shell(_ script: String, _ setting: Setting) throws {
    try Child(["/bin/sh", "-ec", script], environment: setting.environment).wait()
}

/// A directory in memory that is removed at the end.
private struct MemoryDirectory {
    let path: String

    init() throws {
        var template = Array("/dev/shm/hoopx-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchmarkError("no temporary directory in /dev/shm") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? Child(["/bin/rm", "-rf", path], environment: [:]).wait() }
}

import Glibc

/// What an agent's tools do all day, as whole commands: a clone, and an installation of many small files; through a tunnel,
/// and directly from a server of this machine that the configuration names.
func measureWork(_ setting: Setting, _ report: inout Report) throws {
    let commits = 200
    let files = 500
    let root = setting.path("site")
    // hoopx's own files lie beside it, so that nothing can be made directly in the parent.
    let work = setting.path("work")
    mkdir(work, 0o700)
    let copy = work + "/copy"
    try shell(
        """
        mkdir -p '\(root)/files' && cd '\(root)' && git init -q work && cd work
        for i in $(seq \(commits)); do
            for j in 1 2 3; do head -c 2000 /dev/urandom | base64 > "file-$((i * j % 40))"; done
            git add . && git -c user.name=a -c user.email=a@example.com commit -q -m "commit $i"
        done
        git clone -q --bare . ../repository.git && cd ../repository.git && git repack -q -a -d && git update-server-info
        cd ../files && for i in $(seq \(files)); do head -c $((i * 37 % 9000 + 200)) /dev/zero > "file-$i"; done
        """, setting)
    let server = try Server.nginxServing(setting, root: root)
    defer { server.stop() }
    let url = "http://127.0.0.1:\(server.port)"
    var list = ""
    for i in 1...files {
        list += "url = \(url)/files/file-\(i)\noutput = \(copy)/d\(i % 50)/file-\(i)\n"
    }
    try setting.write(list, to: setting.path("files.list"))

    let clone = [
        "/bin/sh", "-c", "rm -rf \(copy) && git clone -q \(url)/repository.git \(copy)",
    ]
    try compare("git clone, \(commits) commits", clone, server, setting, &report)
    let install = [
        "/bin/sh", "-c",
        "rm -rf \(copy) && curl -sS --fail --create-dirs -K \(setting.path("files.list"))",
    ]
    try compare("installing \(files) small files", install, server, setting, &report)
}

private func compare(
    _ subject: String, _ command: [String], _ server: Server, _ setting: Setting, _ report: inout Report
) throws {
    let ways = [
        ("tunnel", "{tunnel: [\"127.0.0.1:\(server.port)\"]}"), ("egress.loopback", "{loopback: [\(server.port)]}"),
    ]
    let commands =
        try [command] + ways.map { try setting.supervised(command, egress: $0.1) }
        + [setting.supervised(["/bin/true"], egress: ways[0].1)]
    var times = commands.map { _ in [Double]() }
    for round in -1..<9 {
        for (index, command) in commands.enumerated() {
            let time = try Child.milliseconds(of: command, environment: setting.environment)
            if round >= 0 { times[index].append(time) }
        }
    }
    let medians = times.map { Sample($0).median }
    for (index, way) in ways.enumerated() {
        let ratio = 100 * ((medians[1 + index] - medians[3]) / medians[0] - 1)
        report.add(
            Line(
                subject: "\(subject), by \(way.0)", without: medians[0].text(decimals: 1) + " ms",
                with: medians[1 + index].text(decimals: 1) + " ms",
                price: ratio.difference(decimals: 1) + " % beside start-up", goal: ("at most +5 %", ratio <= 5)))
    }
}

private func shell(_ script: String, _ setting: Setting) throws {
    try Child(["/bin/sh", "-ec", script], environment: setting.environment).wait()
}

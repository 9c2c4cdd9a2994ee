import Glibc

/// Where things are, and how a measured program is called with and without hoopx.
struct Setting {
    /// A private directory that is removed at the end.
    let directory: String
    let hoopx: String
    private let programs: String
    let identityProvider: String
    /// nil where it could not be installed.
    let mitmdump: String?
    /// A Python that has Presidio's analyzer; nil where it could not be installed.
    let presidio: String?
    /// The directory of npm and of its node; nil where they could not be installed.
    let npm: String?
    /// How fast hoopx's detectors are.
    let maskingSpeed: String

    init(installed: String, programs: String, examples: String, mitmdump: String?, presidio: String?, npm: String?)
        throws
    {
        // Not in /tmp, which hoopx will not keep its own files in.
        var template = Array("/var/tmp/hoopx-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchmarkError("no temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        hoopx = installed + "/bin/hoopx"
        self.programs = programs
        identityProvider = examples + "/loopback-identity-provider"
        maskingSpeed = examples + "/masking-speed"
        self.mitmdump = mitmdump
        self.presidio = presidio
        self.npm = npm
    }

    /// The script that is an agent's conversation.
    var conversation: String { scripts + "/conversation.py" }

    /// The script that measures Presidio's recognizers.
    var presidioScript: String { scripts + "/presidio.py" }

    /// This package's own directory: the programs are in `.build/release` of it, which is a link.
    private var scripts: String { programs.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() }

    func program(_ name: String) -> String { programs + "/" + name }

    func path(_ name: String) -> String { directory + "/" + name }

    /// The environment of everything that runs: none of the caller's proxies, keys or configuration.
    var environment: [String: String] {
        [
            "PATH": (npm.map { $0 + ":" } ?? "") + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": directory, "XDG_STATE_HOME": path("state"), "XDG_CONFIG_HOME": path("config"),
            "ANTHROPIC_API_KEY": "sk-ant-benchmark",
        ]
    }

    /// The environment of a client that runs without hoopx, against a server on a loopback port.
    func clientEnvironment(port: UInt16) -> [String: String] {
        environment.merging(["ANTHROPIC_BASE_URL": "http://127.0.0.1:\(port)"]) { $1 }
    }

    /// The command line that runs a command under hoopx, with the claude connection going to a loopback port.
    func supervised(
        _ command: [String], upstream port: UInt16 = 1, entry: String = "base_url", recordsExecutions: Bool = true,
        egress: String = "{}", durability: String = "full", masksResponses: Bool = false
    ) throws -> [String] {
        let configuration = path(
            "\(entry)-\(port)-\(recordsExecutions)-\(egress.utf8.count)-\(durability)-\(masksResponses).yaml")
        try write(
            """
            version: 1
            connections:
              claude:
                type: anthropic
                hosts: [api.anthropic.com]
                entry: \(entry)
                upstream: http://127.0.0.1:\(port)
                credential: {source: env, variable: ANTHROPIC_API_KEY, header: x-api-key, format: "{token}"}
            audit: {exec: \(recordsExecutions), durability: \(durability)}
            masking: {response: \(masksResponses ? "redact" : "off")}
            egress: \(egress)

            """, to: configuration)
        return [hoopx, "run", "--config", configuration, "--"] + command
    }

    func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw BenchmarkError("cannot write \(path)") }
        fputs(text, file)
        fclose(file)
    }

    func remove() {
        try? Child(["/bin/rm", "-rf", directory], environment: environment).wait()
    }
}

import Glibc

/// What a login that is kept adds to `hoopx run -- /bin/true`: its file is unsealed, its ID token verified.
func measureKeptLogin(_ setting: Setting, _ report: inout Report) throws {
    let provider = try IdentityProvider(setting)
    defer { provider.stop() }
    try provider.logIn()
    let kept = [setting.hoopx, "run", "--config", provider.configuration, "--", "/bin/true"]
    let local = [setting.hoopx, "run", "--config", provider.configuration, "--identity", "local", "--", "/bin/true"]
    var without: [Double] = []
    var with: [Double] = []
    var differences: [Double] = []
    for round in -3..<60 {
        let a = try Child.milliseconds(of: local, environment: setting.environment)
        let b = try Child.milliseconds(of: kept, environment: setting.environment)
        if round < 0 { continue }
        without.append(a)
        with.append(b)
        differences.append(b - a)
    }
    let price = Sample(differences).median
    report.add(
        Line(
            subject: "the same with a kept login", without: Sample(without).median.text(decimals: 1) + " ms",
            with: Sample(with).median.text(decimals: 1) + " ms", price: price.difference(decimals: 1) + " ms",
            goal: ("at most +5 ms", price <= 5)))
}

/// The identity provider of the demonstration, and a person who confirms at once.
private struct IdentityProvider {
    let configuration: String
    private let setting: Setting
    private let issuer: String
    private let child: Child

    init(_ setting: Setting) throws {
        self.setting = setting
        let ends = try closedOnExecPipe()
        defer { close(ends[0]) }
        do {
            defer { close(ends[1]) }
            child = try Child([setting.identityProvider], environment: setting.environment, output: ends[1])
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let got = read(ends[0], &buffer, buffer.count)
        guard got > 1 else { throw BenchmarkError("the identity provider did not start") }
        issuer = String(decoding: buffer[0..<(got - 1)], as: UTF8.self)
        configuration = setting.path("identity.yaml")
        try setting.write(
            "version: 1\nidentity: {issuer: \"\(issuer)\", client_id: hoopx}\n", to: configuration)
    }

    func stop() { child.stop() }

    func logIn() throws {
        let script = """
            "$1" login --config "$2" 2>"$3" &
            for i in $(seq 100); do
                code=$(grep -oE '[A-Z]{4}-[A-Z]{4}$' "$3" | head -n 1) && [ -n "$code" ] && break
                sleep 0.1
            done
            curl -sSf -o /dev/null -d "user_code=$code" -d user=alice -d action=approve "$4/device" && wait $!
            """
        let arguments = ["/bin/sh", "-c", script, "sh", setting.hoopx, configuration, setting.path("login"), issuer]
        try Child(arguments, environment: setting.environment).wait()
    }
}

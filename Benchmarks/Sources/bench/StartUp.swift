/// `hoopx run -- /bin/true`, in turns with the bare program and with bwrap.
func measureStartUp(_ setting: Setting, _ report: inout Report) throws {
    let rounds = 40
    let command = ["/bin/true"]
    let supervised = try setting.supervised(command)
    let bwrap = ["/usr/bin/bwrap", "--unshare-net", "--dev-bind", "/", "/"] + command
    var bare: [Double] = []
    var under: [Double] = []
    var inBwrap: [Double] = []
    var differences: [Double] = []
    for round in -3..<rounds {
        let a = try Child.milliseconds(of: command, environment: setting.environment)
        let b = try Child.milliseconds(of: supervised, environment: setting.environment)
        let c = try? Child.milliseconds(of: bwrap, environment: setting.environment)
        if round < 0 { continue }
        bare.append(a)
        under.append(b)
        differences.append(b - a)
        if let c { inBwrap.append(c) }
    }
    let price = Sample(differences).median
    report.add(
        Line(
            subject: "run /bin/true, wall time", without: Sample(bare).median.text(decimals: 1) + " ms",
            with: Sample(under).median.text(decimals: 1) + " ms", price: price.difference(decimals: 1) + " ms",
            goal: ("at most +35 ms", price <= 35),
            peers: inBwrap.isEmpty
                ? [] : [("bwrap --unshare-net", Sample(inBwrap).median.text(decimals: 1) + " ms")]))
}

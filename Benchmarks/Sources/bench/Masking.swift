/// All detectors over clean JSON text, by the processor's time: hoopx's, and Presidio's pattern recognizers on the same text.
func measureMasking(_ setting: Setting, _ report: inout Report) throws {
    let text = setting.path("agent.json")
    try setting.write(
        try Child.output(of: [setting.maskingSpeed, "--text", "4000000"], environment: setting.environment), to: text)
    let printed = try Child.output(of: [setting.maskingSpeed, text], environment: setting.environment)
    let figures = printed.split(separator: "\n").map { $0.split(separator: " ") }
    guard let speed = figures.first(where: { $0.first == "whole_mb_per_s" })?.last.flatMap({ Double($0) }) else {
        throw BenchmarkError("masking-speed printed no speed")
    }
    report.add(
        Line(
            subject: "masking, all detectors, clean JSON", without: "", with: speed.text() + " MB/s", price: "",
            goal: ("at least 250 MB/s", speed >= 250)))
    guard let presidio = setting.presidio else { return }
    let theirs = try Child.output(of: [presidio, setting.presidioScript, text], environment: setting.environment)
    guard let slow = Double(theirs.filter { !$0.isWhitespace }), slow > 0 else {
        throw BenchmarkError("presidio.py printed no speed")
    }
    report.add(
        Line(
            subject: "masking, against Presidio's recognizers", without: "", with: speed.text() + " MB/s",
            price: (speed / slow).text() + " times", goal: ("at least 200 times", speed / slow >= 200),
            peers: [("Presidio", slow.text(decimals: 2) + " MB/s")]))
}

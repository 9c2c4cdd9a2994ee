import HoopxSession

/// The page that `hoopx doctor` writes for people: a line a finding, and under one that is not ok, what follows from it
/// and what can be done.
enum DoctorPage {
    static func lines(of examination: Examination) -> [String] {
        let titles = examination.findings.map(\.title.count).max() ?? 0
        return examination.findings.flatMap { lines(of: $0, titleWidth: titles) } + ["", verdict(on: examination)]
    }

    private static let stateWidth = 9

    private static func lines(of finding: Finding, titleWidth: Int) -> [String] {
        let margin = String(repeating: " ", count: stateWidth)
        var lines = [padded(finding.state.rawValue, stateWidth) + padded(finding.title, titleWidth + 2) + finding.found]
        if let consequence = finding.consequence { lines.append(margin + "consequence: " + consequence) }
        if let remedy = finding.remedy { lines.append(margin + "remedy: " + remedy) }
        return lines.map(Console.printable)
    }

    private static func verdict(on examination: Examination) -> String {
        let count = { (state: Finding.State) in examination.findings.count { $0.state == state } }
        let (missing, warnings) = (count(.missing), count(.warning))
        if missing > 0 { return "hoopx run does not hold here: \(missing) missing, \(plural(warnings, "warning"))" }
        return warnings == 0 ? "hoopx run works here" : "hoopx run works here: \(plural(warnings, "warning"))"
    }

    private static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

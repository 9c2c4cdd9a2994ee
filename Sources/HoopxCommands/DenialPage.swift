import HoopxSession

/// What was denied in a run, and what would allow it.
struct DenialPage {
    /// A line for each denial, those with the same hint one after the other and the hint behind the last of them: where a
    /// credential is missing, all that a client tries is denied for one reason.
    let lines: [String]

    /// - Parameter entries: in the order in which they were first denied.
    init(_ entries: [DenialLog.Entry]) {
        var hints: [String] = []
        for entry in entries where !hints.contains(entry.denial.hint) { hints.append(entry.denial.hint) }
        lines = hints.flatMap { hint in
            entries.filter { $0.denial.hint == hint }.map(Self.line) + ["hint: \(hint)"]
        }
    }

    private static func line(_ entry: DenialLog.Entry) -> String {
        let times = entry.count > 1 ? " (\(entry.count) times)" : ""
        return "denied: \(entry.denial.subject)\(times) [\(entry.denial.code.rawValue), \(entry.denial.rule)]"
    }
}

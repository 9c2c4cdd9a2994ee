import HoopxCore
import HoopxSession
import Testing

@testable import HoopxCommands

@Suite struct DenialPageTests {
    private func denial(_ subject: String, hint: String) -> Denial {
        Denial(code: .nameNotAllowed, layer: .egress, rule: "egress.default", subject: subject, hint: hint)
    }

    @Test func aHintIsSaidOnceBehindAllThatItIsFor() {
        let log = DenialLog()
        for (subject, hint) in [("a", "one"), ("b", "two"), ("c", "one"), ("b", "two")] {
            log.add(denial(subject, hint: hint))
        }
        #expect(
            DenialPage(log.entries).lines == [
                "denied: a [name_not_allowed, egress.default]", "denied: c [name_not_allowed, egress.default]",
                "hint: one",
                "denied: b (2 times) [name_not_allowed, egress.default]", "hint: two",
            ])
    }
}

import HoopxCore
import HoopxSession
import Testing

struct DenialLogTests {
    private func denial(_ subject: String) -> Denial {
        Denial(code: .destinationNotAllowed, layer: .egress, rule: "egress.default", subject: subject, hint: "allow it")
    }

    @Test func equalDenialsAreOneEntryWithACountInTheOrderTheyFirstCame() {
        let log = DenialLog()
        for subject in ["a", "b", "a", "a"] { log.add(denial(subject)) }

        #expect(log.entries.map(\.denial.subject) == ["a", "b"])
        #expect(log.entries.map(\.count) == [3, 1])
        #expect(log.uncounted == 0)
    }

    @Test func aFloodOfDifferentDenialsIsCountedButNotKept() {
        let log = DenialLog()
        for number in 0..<100_000 { log.add(denial("host-\(number)")) }

        #expect(log.entries.count == 100)
        #expect(log.uncounted == 99_900)
    }
}

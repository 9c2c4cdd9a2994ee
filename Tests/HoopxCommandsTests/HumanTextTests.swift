import HoopxAudit
import HoopxCore
import Testing

@testable import HoopxCommands

struct HumanTextTests {
    @Test(
        arguments: [
            (0, "0 us"), (999, "999 us"), (1_000, "1.00 ms"), (12_345, "12.3 ms"), (123_456, "123 ms"),
            (999_999, "999 ms"), (4_020_000, "4.02 s"), (200_000_000, "3 min 20 s"), (7_500_000_000, "2 h 5 min"),
        ] as [(Int64, String)])
    func durations(microseconds: Int64, text: String) {
        #expect(HumanText.duration(microseconds: microseconds) == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (19_437, "19.4 kB"), (1_073_741_824, "1.07 GB"),
        ] as [(Int64, String)])
    func sizes(bytes: Int64, text: String) {
        #expect(HumanText.bytes(bytes) == text)
    }

    @Test func aCommandCanBePastedIntoAShell() {
        #expect(HumanText.command(["claude", "-p", "it's me", ""]) == #"claude -p 'it'\''s me' ''"#)
    }

    @Test func aSessionThatRunsHasNoDurationYet() {
        #expect(HumanText.duration(from: Timestamp(microseconds: 0), to: nil) == "-")
    }

    @Test func signalsAreNamed() {
        #expect(HumanText.signalName(15) == "SIGTERM")
        #expect(HumanText.signalName(99) == "signal 99")
    }
}

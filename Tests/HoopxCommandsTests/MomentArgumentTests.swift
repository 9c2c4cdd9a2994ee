import HoopxCore
import Testing

@testable import HoopxCommands

@Suite struct MomentArgumentTests {
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    @Test(arguments: [("45s", 45), ("45m", 2_700), ("2h", 7_200), ("3d", 259_200), ("1w", 604_800), ("0s", 0)])
    func aLengthOfTimeIsCountedBackFromNow(text: String, seconds: Int64) {
        let expected = Timestamp(microseconds: Self.now.microseconds - seconds * 1_000_000)
        #expect(MomentArgument(text, now: Self.now)?.timestamp == expected)
    }

    @Test(arguments: [
        ("2026-11-23T01:20:27Z", "2026-11-23T01:20:27.000Z"), ("2026-11-23T02:20:27+01:00", "2026-11-23T01:20:27.000Z"),
        ("2026-11-23", "2026-11-23T00:00:00.000Z"),
    ])
    func aMomentOrADayIsItself(text: String, moment: String) {
        #expect(MomentArgument(text, now: Self.now)?.timestamp.description == moment)
    }

    @Test(arguments: ["", "h", "2", "-2h", "2y", "2 h", "1234567h", "yesterday", "2026-13-01", "٢h"])
    func anythingElseIsNone(text: String) {
        #expect(MomentArgument(text, now: Self.now) == nil)
    }
}

import Testing

@testable import HoopxConfiguration

@Suite struct SessionReaderTests {
    @Test func aSessionHasNoEndOfItsOwnWhereNothingIsSaid() throws {
        #expect(try parse("version: 1\n").session == SessionConfiguration())
        #expect(try parse("version: 1\nsession:\n").session.maximumDuration == nil)
    }

    @Test(arguments: [("8h", 28_800), ("30m", 1_800), ("90s", 90), ("1h30m", 5_400), ("1h1m1s", 3_661)])
    func lengthsOfTimeAreHoursMinutesAndSeconds(text: String, seconds: Int) throws {
        let session = try parse("version: 1\nsession: {max_duration: \(text), idle_timeout: \(text)}\n").session
        #expect(session.maximumDuration == .seconds(seconds))
        #expect(session.idleTimeout == .seconds(seconds))
    }

    @Test(arguments: ["8", "h", "8d", "-1h", "0s", "1.5h", "8h ago", "9999999h", "8 h"])
    func anythingElseIsNone(text: String) {
        #expect(
            refused("version: 1\nsession: {max_duration: \(text)}\n")?.found
                == "2:25: expected a length of time for session.max_duration, not \(text)")
    }
}

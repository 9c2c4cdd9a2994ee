import HoopxCore
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z", "19700101"),
            (1_795_396_827_125_999, "2026-11-23T01:20:27.125Z", "20261123"),
            (951_782_399_999_999, "2000-02-28T23:59:59.999Z", "20000228"),
            (-1, "1969-12-31T23:59:59.999Z", "19691231"),
        ] as [(Int64, String, String)])
    func itIsWrittenInUTC(microseconds: Int64, text: String, day: String) {
        let time = Timestamp(microseconds: microseconds)
        #expect(time.description == text)
        #expect(time.day == day)
    }

    @Test func nowIsAfterThisWasWritten() {
        #expect(Timestamp.now() > Timestamp(microseconds: 1_700_000_000_000_000))
        #expect(Timestamp.now() < Timestamp(microseconds: 10_000_000_000_000_000))
    }
}

import HoopxMasking
import Testing

struct MaskingSessionTests {
    private let session: MaskingSession

    init() throws { session = MaskingSession(engine: try MaskingEngine(ScanningFixture.detectors)) }

    @Test func aShortTextIsMasked() {
        let plan = MaskingPlan(standard: .redact)
        #expect(session.masked("", by: plan) == "")
        #expect(session.masked("ls -l", by: plan) == "ls -l")
        #expect(session.masked("mail bob@example.com 4111111111111111", by: plan) == "mail [MAIL] [CARD]")
        #expect(session.masked("bob%40example.com", by: plan) == "[MAIL]")
        let key = "-----BEGIN KEY-----\n\(String(repeating: "x", count: 2000))-----END KEY----- and"
        #expect(session.masked(key, by: plan) == "-----BEGIN KEY-----[KEY] and")
        #expect(session.masked(key, by: MaskingPlan(standard: .keep)) == key)
    }

    @Test func manyThreadsMaskAtOnce() async {
        let session = session
        await withTaskGroup(of: Bool.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    (0..<2000).allSatisfy { number in
                        session.masked(
                            "n\(thread)-\(number)@example.com, 4111 1111 1111 1111!", by: MaskingPlan(standard: .redact)
                        )
                            == "[MAIL], [CARD]!"
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}

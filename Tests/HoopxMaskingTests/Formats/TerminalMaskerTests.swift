import HoopxCore
import Testing

@testable import HoopxMasking

/// What a terminal shows is masked, and its language kept.
@Suite struct TerminalMaskerTests {
    private static let engine = Result { () throws(HoopxError) in try MaskingEngine() }

    private static let card = "4111111111111111"
    private static let colour = "\u{1b}[31m"

    @Test(arguments: [
        // What is written, what is recorded of it.
        ("pay \(card) now\r\n", "pay [CREDIT_CARD] now\r\n"),
        // Colours within a value do not hide it, and stay.
        ("pay 4111\(colour)11111111\u{1b}[0m1111 now", "pay [CREDIT_CARD]\(colour)\u{1b}[0m now"),
        // The cursor moves where a blank could be.
        ("pay 4111\u{1b}[C1111\u{1b}[C1111\u{1b}[C1111 now", "pay [CREDIT_CARD]\u{1b}[C\u{1b}[C\u{1b}[C now"),
        // What stands elsewhere does not become a part of it.
        ("12\u{1b}[5;20H\(card) ok", "12\u{1b}[5;20H[CREDIT_CARD] ok"),
        // Titles and links.
        ("\u{1b}]0;card \(card) x\u{07}$ ", "\u{1b}]0;card [CREDIT_CARD] x\u{07}$ "),
        (
            "\u{1b}]8;;x:\(card) \u{1b}\\link\u{1b}]8;;\u{1b}\\",
            "\u{1b}]8;;x:[CREDIT_CARD] \u{1b}\\link\u{1b}]8;;\u{1b}\\"
        ),
        // A value within a value.
        (
            "41111111\u{1b}]0;card \(card) x\u{07}11111111 ok",
            "[CREDIT_CARD]\u{1b}]0;card [CREDIT_CARD] x\u{07} ok"
        ),
        // Nothing to find: every byte stays.
        (
            "\u{1b}[?1049h\u{1b}[2J\u{1b}(B\u{8}\u{0}é日本\u{1b}Pq#1\u{1b}\\\u{1b}",
            "\u{1b}[?1049h\u{1b}[2J\u{1b}(B\u{8}\u{0}é日本\u{1b}Pq#1\u{1b}\\\u{1b}"
        ),
    ])
    func valuesAreFoundAndSequencesStay(written: String, recorded: String) throws {
        #expect(try masked(Array(written.utf8), cuts: []) == recorded)
    }

    @Test func howItWasCutMakesNoDifference() throws {
        var random = SplitMix(seed: 20_261_126)
        let pieces = [
            Self.card, "4111 1111 1111 1111", " ", "\r\n", Self.colour, "\u{1b}[0m", "\u{1b}[10;3H", "\u{1b}]0;",
            "\u{07}",
            "\u{1b}\\", "\u{1b}", "a@example.com", "é", "12", "\u{1b}P", "\u{8}", "[", "\u{18}", "text ",
        ]
        for _ in 0..<300 {
            let text = (0..<12).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let bytes = Array(text.utf8)
            let whole = try masked(bytes, cuts: [])
            #expect(
                try masked(bytes, cuts: Array(1..<max(1, bytes.count))) == whole,
                "byte by byte: \(text.debugDescription)")
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            #expect(try masked(bytes, cuts: cuts) == whole, "\(cuts): \(text.debugDescription)")
        }
    }

    @Test func anyBytesPassWithoutHarm() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<300 {
            let count = Int.random(in: 0...200, using: &random)
            let bytes = (0..<count).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : [0x1b, 0x5b, 0x5d, 0x07].randomElement(using: &random) ?? 0
            }
            let masker = TerminalMasker(
                MaskingSession(engine: try Self.engine.get()), plan: MaskingPlan(standard: .keep))
            var output: [UInt8] = []
            bytes.withUnsafeBytes { masker.append($0, into: &output) }
            masker.finish(into: &output)
            #expect(output == bytes)
        }
    }

    private func masked(_ bytes: [UInt8], cuts: [Int]) throws -> String {
        let session = MaskingSession(engine: try Self.engine.get())
        let masker = TerminalMasker(session, plan: MaskingPlan(standard: .redact))
        var output: [UInt8] = []
        var start = 0
        for cut in cuts + [bytes.count] {
            bytes[start..<cut].withUnsafeBytes { masker.append($0, into: &output) }
            start = cut
        }
        masker.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }

    /// It would be held back with a value that could still go on.
    @Test func whatDoesNotShowHoldsNothingBackForEver() throws {
        for unseen in [Self.colour, "\u{1b}]0;title\u{07}"] {
            let masker = TerminalMasker(
                MaskingSession(engine: try Self.engine.get()), plan: MaskingPlan(standard: .redact))
            let bytes = Array(("4111" + String(repeating: unseen, count: 20_000)).utf8)
            var output: [UInt8] = []
            bytes.withUnsafeBytes { masker.append($0, into: &output) }
            #expect(masker.heldCount < 16_384)
            masker.finish(into: &output)
            #expect(output == bytes)
        }
    }

    @Test func whereMuchThatDoesNotShowIsCutMakesNoDifference() throws {
        let title = "\u{1b}]0;" + String(repeating: "title ", count: 1_000) + "\u{07}"
        let bytes = Array("4111\(title)1111\(String(repeating: Self.colour, count: 900))11111111 ok".utf8)
        let whole = try masked(bytes, cuts: [])
        #expect(!whole.hasPrefix("4111"))
        #expect(try masked(bytes, cuts: Array(1..<bytes.count)) == whole)
        #expect(try masked(bytes, cuts: [5, 4_000, 4_100, 8_191, 8_193, 9_100]) == whole)
    }
}

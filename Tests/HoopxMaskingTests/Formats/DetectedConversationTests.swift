import Testing

@testable import HoopxMasking

/// Formats and the standard detectors together.
@Suite struct DetectedConversationTests {
    private static let engine = Result { try MaskingEngine() }

    private func masked(_ pieces: [[UInt8]], _ format: BodyFormat) throws -> [UInt8] {
        let session = MaskingSession(engine: try Self.engine.get())
        let masker = BodyMasker(session, plan: MaskingPlan(standard: .redact), format: format)
        var output: [UInt8] = []
        for piece in pieces { piece.withUnsafeBytes { masker.append($0, into: &output) } }
        masker.finish(into: &output)
        return output
    }

    @Test(arguments: 0..<8) func aStreamIsMaskedAsItsWholeTextsWouldBe(_ round: Int) throws {
        for seed in UInt64(round * 10)..<UInt64(round * 10 + 10) {
            let conversation = ExampleConversation(seed: seed)
            let whole = try masked([conversation.bytes], .claude)
            let result = try ReadStream(whole)
            for (index, block) in conversation.texts.enumerated() {
                let expected = try masked([Array(block.text.utf8)], block.kind == .input ? .json : .text)
                #expect(result.texts[index] == String(decoding: expected, as: UTF8.self), "seed \(seed)")
            }
            var generator = SeededGenerator(seed)
            for _ in 0..<3 {
                let isSame = try masked(cut(conversation.bytes, &generator), .claude) == whole
                #expect(isSame, "seed \(seed)")
            }
        }
    }

    @Test func aCardIsFoundInEachFormat() throws {
        let delta = "data: " + ExampleConversation.delta(.text, 0, "no. 4111 1111 ") + "\n\n"
        let end = "data: " + ExampleConversation.delta(.text, 0, "1111 1111, so") + "\n\n"
        let bodies: [(BodyFormat, String)] = [
            (.text, "no. 4111 1111 1111 1111, so"), (.json, #"{"card":4111111111111111}"#),
            (.json, #"{"card":"\u0034111 1111 1111 1111"}"#), (.form, "card=4111+1111+1111%201111&x=1"),
            (.claude, delta + end),
        ]
        for (format, body) in bodies {
            let result = String(decoding: try masked([Array(body.utf8)], format), as: UTF8.self)
            #expect(result.contains("CREDIT_CARD") && !result.contains("1111 1111"), "\(result)")
        }
    }
}

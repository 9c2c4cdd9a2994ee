import HoopxJSON
import Testing

@testable import HoopxMasking

/// However a body is cut, and whatever it is, the same comes out of it.
@Suite struct CutInvarianceTests {
    @Test(arguments: 0..<8) func conversationsAreMaskedAsTheirWholeTextsWouldBe(_ round: Int) throws {
        for seed in UInt64(round * 10)..<UInt64(round * 10 + 10) {
            let conversation = ExampleConversation(seed: seed)
            let whole = masked([conversation.bytes], .claude)
            let original = try ReadStream(conversation.bytes)
            let result = try ReadStream(whole)
            try #require(original.texts.count == conversation.texts.count)
            #expect(result.others == original.others, "seed \(seed)")
            for (index, block) in conversation.texts.enumerated() where index < result.texts.count {
                #expect(original.texts[index] == block.text, "seed \(seed)")
                let expected = masked(block.text, block.kind == .input ? .json : .text)
                #expect(result.texts[index] == expected, "seed \(seed)")
                if block.kind == .input {
                    let parsed = try? JSONValue(json: Array(result.texts[index].utf8))
                    #expect(parsed != nil, "seed \(seed)")
                }
            }
            var generator = SeededGenerator(seed)
            for _ in 0..<3 {
                let isSame = masked(cut(conversation.bytes, &generator), .claude) == whole
                #expect(isSame, "seed \(seed)")
            }
        }
    }

    @Test func whatIsKeptChangesNothing() throws {
        for seed in UInt64(0)..<40 {
            let conversation = ExampleConversation(seed: seed)
            let result = try ReadStream(masked([conversation.bytes], .claude, by: .keep))
            let original = try ReadStream(conversation.bytes)
            #expect(result.texts == original.texts, "seed \(seed)")
            #expect(result.others == original.others, "seed \(seed)")
            for format in [BodyFormat.json, .text, .form] {
                let isSame = masked([conversation.bytes], format, by: .keep) == conversation.bytes
                #expect(isSame, "seed \(seed) \(format)")
            }
        }
    }

    @Test func aValueIsFoundWhereverItIsParted() throws {
        let value = "4111 1111 1111 1111"
        for first in 0...value.count {
            for second in first...value.count {
                let parts = [value.prefix(first), value.prefix(second).dropFirst(first), value.dropFirst(second)]
                let body = parts.map { "data: \(ExampleConversation.delta(.text, 0, String($0)))\n\n" }.joined()
                let result = try ReadStream(
                    Array(
                        masked(body + "data: {}\n\n", .claude).replacing(
                            "data: {\"type", with: "event: content_block_delta\ndata: {\"type"
                        ).utf8))
                #expect(result.texts == ["[CREDIT_CARD]"], "\(first) \(second)")
            }
        }
    }

    @Test(arguments: 0..<8) func whateverComesIsMaskedTheSameInPieces(_ round: Int) throws {
        for seed in UInt64(round * 12)..<UInt64(round * 12 + 12) {
            var generator = SeededGenerator(seed &+ 1_000_000)
            var bytes = ExampleConversation(seed: seed).bytes
            if Bool.random(using: &generator) {
                bytes = Array(ExampleConversation(seed: seed).texts.map(\.text).joined().utf8)
            }
            mutate(&bytes, &generator)
            for format in [BodyFormat.claude, .choices, .json, .text, .form] {
                let whole = masked([bytes], format)
                let isSame = masked(cut(bytes, &generator), format) == whole
                #expect(isSame, "seed \(seed) \(format)")
                if format == .claude || format == .choices { continue }
                let isKept = masked([bytes], format, by: .keep) == bytes
                #expect(isKept, "seed \(seed) \(format)")
            }
        }
    }

    /// Some bytes change, go, come twice, or are such as matter.
    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...20, using: &generator) where !bytes.isEmpty {
            let index = bytes.indices.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(contentsOf: bytes[index...].prefix(40), at: index)
            case 3: bytes.insert("\"\\\n\r:{}[],d\u{0}%+-4".utf8.randomElement(using: &generator) ?? 0, at: index)
            case 4: bytes.removeSubrange(index..<min(index + 30, bytes.count))
            default: bytes.insert(contentsOf: "\\ud83d".utf8, at: index)
            }
        }
        if Int.random(in: 0..<4, using: &generator) == 0 {
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
        }
    }
}

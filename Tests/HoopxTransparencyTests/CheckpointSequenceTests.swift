import HoopxTransparency
import Testing

struct CheckpointSequenceTests {
    private static let signer = LogSigner.generate(origin: "hoopx.local/log")

    private static func note(_ size: Int64) throws -> String {
        try signer.sign(Checkpoint(origin: "hoopx.local/log", size: size, root: .ofNothing)).encoded
    }

    private static func sizes(_ text: String) -> [Int64?] {
        CheckpointSequence(text).entries.map { try? $0.result.get().checkpoint.size }
    }

    @Test func checkpointsAreReadInTheirOrder() throws {
        let text = try [1, 2, 3].map { try Self.note($0) + "\n" }.joined()
        #expect(Self.sizes(text) == [1, 2, 3])
        #expect(CheckpointSequence(text).entries.map(\.line) == [1, 7, 13])
        #expect(Self.sizes(try Self.note(7)) == [7])
        #expect(Self.sizes("") == [])
    }

    @Test func whatIsNoCheckpointHidesNoneBehindIt() throws {
        let (one, two) = (try Self.note(1), try Self.note(2))
        // A write that was cut, at every place.
        for count in 1..<one.count {
            let text = String(one.prefix(count)) + "\n\n" + two
            #expect(Self.sizes(text).last == 2, "\(count) characters")
            #expect(Self.sizes(text).dropLast().allSatisfy { $0 == nil || $0 == 1 })
        }
        #expect(Self.sizes("words\n\n" + one) == [nil, 1])
        let signatures = one.split(separator: "\n").last.map { $0 + "\n\n" } ?? ""
        #expect(Self.sizes(signatures + two) == [nil, 2])
        #expect(Self.sizes(two + "\n" + signatures) == [2, nil])
    }
}

import Testing

@testable import HoopxAudit

@Suite struct ContentChunkerTests {
    @Test func chunksPutTogetherAreTheBytes() {
        for seed in 0..<20 {
            var random = SeededGenerator(seed: UInt64(seed))
            let bytes = Self.text(count: Int.random(in: 0...200_000, using: &random), &random)
            #expect(Self.chunks(of: [bytes]).flatMap(\.self) == bytes)
        }
    }

    /// However the bytes come: whole, byte by byte, or cut anywhere.
    @Test func cutsOnTheWayMakeNoDifference() {
        for seed in 0..<20 {
            var random = SeededGenerator(seed: UInt64(seed))
            let bytes = Self.text(count: Int.random(in: 0...150_000, using: &random), &random)
            let whole = Self.chunks(of: [bytes])
            #expect(Self.chunks(of: bytes.map { [$0] }) == whole)
            for most in [3, 70, 1_500, 40_000] {
                var rest = bytes[...]
                var pieces: [[UInt8]] = []
                while !rest.isEmpty {
                    let count = Int.random(in: 0...most, using: &random)
                    pieces.append(Array(rest.prefix(count)))
                    rest = rest.dropFirst(count)
                }
                #expect(Self.chunks(of: pieces) == whole, "seed \(seed), pieces of up to \(most)")
            }
        }
    }

    @Test func sizesAreWithinTheirLimits() {
        var random = SeededGenerator(seed: 1)
        let bytes = Self.text(count: 4 << 20, &random)
        let sizes = Self.chunks(of: [bytes]).map(\.count)
        #expect(sizes.dropLast().allSatisfy { $0 >= ContentChunker.minimum })
        #expect(sizes.allSatisfy { $0 <= ContentChunker.maximum })
        let average = bytes.count / sizes.count
        #expect((4_000...8_192).contains(average), "\(average)")
    }

    @Test(arguments: [0x00, 0x41, 0xff] as [UInt8])
    func bytesThatAreAllTheSameAreCutToo(byte: UInt8) {
        let sizes = Self.chunks(of: [Array(repeating: byte, count: 100_000)]).map(\.count)
        #expect(sizes.dropLast().allSatisfy { (ContentChunker.minimum...ContentChunker.maximum).contains($0) })
        #expect(sizes.reduce(0, +) == 100_000)
    }

    /// What comes before a stretch changes only the chunks around its beginning.
    @Test func whatIsInsertedInFrontLeavesTheRestAsItIs() {
        var random = SeededGenerator(seed: 2)
        let bytes = Self.text(count: 300_000, &random)
        let before = Set(Self.chunks(of: [bytes]))
        let after = Self.chunks(of: [Self.text(count: 777, &random) + bytes])
        #expect(after.count { !before.contains($0) } <= 4)
    }

    private static func chunks(of pieces: [[UInt8]]) -> [[UInt8]] {
        var chunker = ContentChunker()
        var chunks: [[UInt8]] = []
        for piece in pieces { chunker.append(piece) { chunks.append(Array($0)) } }
        chunker.finish { chunks.append(Array($0)) }
        return chunks
    }

    private static func text(count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0x20...0x7e, using: &random) }
    }
}

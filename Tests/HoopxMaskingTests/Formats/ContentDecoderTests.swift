import Testing

@testable import HoopxMasking

@Suite struct ContentDecoderTests {
    static let codings = ["gzip", "deflate", "bare deflate", "br", "zstd"]

    private let content = Array((0..<5000).map { "\($0) text \($0 % 7)\n" }.joined().utf8)

    /// - Parameter codings: in the order in which they were applied.
    private func decoded(
        _ pieces: [[UInt8]], _ codings: [String], limit: Int = 1 << 24
    ) throws -> [UInt8] {
        let names = codings.map { $0 == "bare deflate" ? "deflate" : $0 }
        let decoder = try ContentDecoder(codings: names, limit: limit)
        var output: [UInt8] = []
        for piece in pieces {
            try piece.withUnsafeBytes { try decoder.append($0, into: &output) }
        }
        try decoder.finish()
        return output
    }

    @Test(arguments: codings) func whatWasEncodedIsDecoded(_ coding: String) throws {
        var generator = SeededGenerator(1)
        for content in [[], [0x41], content] {
            let bytes = encoded(content, coding)
            #expect(try decoded([bytes], [coding]) == content)
            #expect(try decoded(bytes.map { [$0] }, [coding]) == content)
            for _ in 0..<5 { #expect(try decoded(cut(bytes, &generator), [coding]) == content) }
        }
    }

    @Test func compressedBrotliIsDecoded() throws {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in ExampleBrotli.encoded.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { continue }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        #expect(try decoded([bytes], ["br"]) == Array(ExampleBrotli.content.utf8))
    }

    @Test func codingsInARowAreUndoneFromTheLastOn() throws {
        let bytes = encoded(encoded(encoded(content, "deflate"), "br"), "gzip")
        #expect(try decoded([bytes], ["deflate, br", "GZIP"]) == content)
        #expect(try decoded([bytes], ["deflate", "identity", "br", "x-gzip"]) == content)
        #expect(try decoded([content], []) == content)
        #expect(try decoded([content], ["identity"]) == content)
    }

    @Test func membersAndFramesFollowEachOther() throws {
        #expect(try decoded([encoded([1, 2], "gzip") + encoded([3], "gzip") + [0, 0, 0]], ["gzip"]) == [1, 2, 3])
        #expect(try decoded([encoded([1, 2], "zstd") + encoded([3], "zstd")], ["zstd"]) == [1, 2, 3])
        #expect(try decoded([], ["gzip"]) == [])
    }

    @Test(arguments: codings) func whatIsCutOffFails(_ coding: String) {
        let bytes = encoded(Array(content.prefix(500)), coding)
        for length in 1..<bytes.count {
            #expect(throws: ContentDecoder.Failure.malformed, "\(length)") {
                _ = try decoded([Array(bytes.prefix(length))], [coding])
            }
        }
    }

    @Test(arguments: codings) func whatGoesOnBehindTheEndFails(_ coding: String) {
        let bytes = encoded(content, coding)
        for rest: [UInt8] in [[0x41], Array("garbage".utf8), [0x1f], [0x1f, 0x8b, 0x08, 0x41], [0, 0x41]] {
            #expect(throws: ContentDecoder.Failure.malformed) { _ = try decoded([bytes + rest], [coding]) }
            #expect(throws: ContentDecoder.Failure.malformed) { _ = try decoded([bytes, rest], [coding]) }
        }
    }

    @Test func anUnknownCodingFailsByItsName() {
        #expect(throws: ContentDecoder.Failure.unknownCoding("compress")) { _ = try decoded([], ["gzip", "compress"]) }
        #expect(throws: ContentDecoder.Failure.self) { _ = try decoded([], Array(repeating: "gzip", count: 5)) }
    }

    @Test(arguments: codings) func expansionHasALimit(_ coding: String) throws {
        let zeros = [UInt8](repeating: 0, count: 1_000_000)
        let bytes = encoded(zeros, coding)
        #expect(try decoded([bytes], [coding], limit: zeros.count) == zeros)
        #expect(throws: ContentDecoder.Failure.tooLarge) { _ = try decoded([bytes], [coding], limit: zeros.count - 1) }
        // What is in between counts as well: a bomb in a bomb.
        let twice = encoded(bytes, "gzip")
        #expect(throws: ContentDecoder.Failure.tooLarge) { _ = try decoded([twice], [coding, "gzip"], limit: 5000) }
    }

    @Test func aFailureStays() throws {
        let decoder = try ContentDecoder(codings: ["gzip"], limit: 100)
        var output: [UInt8] = []
        for bytes in [[0x41, 0x41], encoded([1], "gzip")] {
            #expect(throws: ContentDecoder.Failure.malformed) {
                try bytes.withUnsafeBytes { try decoder.append($0, into: &output) }
            }
        }
        #expect(throws: ContentDecoder.Failure.malformed) { try decoder.finish() }
    }

    @Test func whatComesIsGivenOutAtOnce() throws {
        // A stored block of bare deflate that is not the last one (RFC 1951, 3.2.4).
        let decoder = try ContentDecoder(codings: ["deflate"], limit: 100)
        var output: [UInt8] = []
        let bytes: [UInt8] = [0x00, 0x02, 0x00, 0xfd, 0xff, 0x41, 0x42]
        try bytes.withUnsafeBytes { try decoder.append($0, into: &output) }
        #expect(output == [0x41, 0x42])
    }

    @Test(arguments: codings) func damagedBytesNeverDoMoreThanFail(_ coding: String) {
        let bytes = encoded(Array(content.prefix(3000)), coding)
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed)
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
            let whole = try? decoded([damaged], [coding], limit: 100_000)
            let pieces = try? decoded(cut(damaged, &generator), [coding], limit: 100_000)
            #expect(whole == pieces, "seed \(seed)")
        }
    }

    @Test(arguments: codings) func whatGrowsMoreThanAThousandTimesIsABomb(_ coding: String) throws {
        let bytes = encoded([UInt8](repeating: 0, count: 32 << 20), coding)
        // Deflate cannot.
        if bytes.count > 32_000 {
            #expect(try decoded([bytes], [coding], limit: 1 << 28).count == 32 << 20)
        } else {
            #expect(throws: ContentDecoder.Failure.tooLarge) { _ = try decoded([bytes], [coding], limit: 1 << 28) }
        }
        let twice = encoded(encoded([UInt8](repeating: 0, count: 32 << 20), "gzip"), "gzip")
        #expect(throws: ContentDecoder.Failure.tooLarge) { _ = try decoded([twice], ["gzip", "gzip"], limit: 1 << 28) }
    }
}

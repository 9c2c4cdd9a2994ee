import HoopxMasking
import Testing

struct CutIndependenceTests {
    /// What is found, with the pieces of a block put together.
    private func whole(_ findings: [Finding]) -> [Finding] {
        findings.reduce(into: []) { whole, finding in
            guard finding.isContinuation, let last = whole.last else { return whole.append(finding) }
            whole[whole.count - 1].range = last.range.lowerBound..<finding.range.upperBound
            whole[whole.count - 1].value += finding.value
        }
    }

    private func scan(_ text: [UInt8], cuts: [Int], _ scanner: TextScanner, longestHeld: Int) -> [Finding] {
        var findings: [Finding] = []
        var start = 0
        for cut in cuts + [text.count] {
            let before = scanner.settled
            text[start..<cut].withUnsafeBytes { scanner.append($0) }
            start = cut
            #expect(scanner.settled >= before, "what is settled stays settled")
            #expect(scanner.settled <= cut)
            #expect(cut - scanner.settled <= longestHeld)
            for finding in scanner.findings {
                #expect(finding.range.lowerBound >= before, "nothing is found in what was settled")
            }
            findings += scanner.findings
            scanner.findings.removeAll(keepingCapacity: true)
        }
        scanner.finish()
        findings += scanner.findings
        #expect(scanner.settled == text.count)
        scanner.reset()
        return whole(findings)
    }

    @Test(arguments: [TextScanner.Mode.text, .json])
    func whatIsFoundNeverDependsOnHowATextIsCut(_ mode: TextScanner.Mode) throws {
        let engine = try MaskingEngine(ScanningFixture.detectors)
        let scanner = TextScanner(engine, mode: mode)
        let fresh = TextScanner(engine, mode: mode)
        var found = 0
        for seed in 0..<400 {
            var random = SplitMix(seed: UInt64(seed))
            let text = (0..<Int.random(in: 1...30, using: &random)).flatMap { _ in
                Array((ScanningFixture.parts.randomElement(using: &random) ?? "").utf8)
            }
            let expected = scan(text, cuts: [], fresh, longestHeld: 2048)
            found += expected.count
            for (last, next) in zip(expected, expected.dropFirst()) {
                #expect(last.range.upperBound <= next.range.lowerBound)
            }
            let everywhere = Array(stride(from: 1, to: text.count, by: 1))
            let somewhere = everywhere.filter { _ in Int.random(in: 0..<7, using: &random) == 0 }
            for cuts in [everywhere, somewhere] {
                let actual = scan(text, cuts: cuts, scanner, longestHeld: 2048)
                #expect(actual == expected, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
                if actual != expected { return }
            }
        }
        #expect(found > 500)
    }

    @Test func proseFlowsWithNoMoreThanItsLastWordHeldBack() throws {
        let scanner = TextScanner(try MaskingEngine(ScanningFixture.detectors), mode: .text)
        let words =
            "The quick brown fox JUMPS OVER the lazy dog; in 2024 it was 12 years old (or so), they said: \"fine\". "
        var total = 0
        for word in String(repeating: words, count: 20).split(separator: " ", omittingEmptySubsequences: false) {
            let delta = Array(" \(word)".utf8)
            delta.withUnsafeBytes { scanner.append($0) }
            total += delta.count
            #expect(total - scanner.settled <= word.utf8.count + 1)
        }
    }

    @Test func groupsOfDigitsAreHeldBackWhileTheyCouldGrow() throws {
        let scanner = TextScanner(try MaskingEngine(ScanningFixture.detectors), mode: .text)
        func append(_ text: String) -> Int {
            Array(text.utf8).withUnsafeBytes { scanner.append($0) }
            return scanner.settled
        }
        #expect(append("card 4111 ") == 5)
        #expect(append("1111 1111 ") == 5)
        #expect(append("1111") == 5)
        #expect(append(" x") == 25)
        #expect(scanner.findings.map(\.range) == [5..<24])
    }
}

/// Vigna's generator: the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

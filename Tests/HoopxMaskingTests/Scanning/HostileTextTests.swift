import HoopxMasking
import Testing

/// Texts that are made to break the scanner, or to make it slow.
struct HostileTextTests {
    private func scan(_ engine: MaskingEngine, _ text: [UInt8], _ mode: TextScanner.Mode, piece: Int, held: Int = 2048)
        -> [Finding]
    {
        let scanner = TextScanner(engine, mode: mode)
        for offset in stride(from: 0, to: text.count, by: piece) {
            text[offset..<min(offset + piece, text.count)].withUnsafeBytes { scanner.append($0) }
            #expect(min(offset + piece, text.count) - scanner.settled <= held)
        }
        scanner.finish()
        #expect(scanner.settled == text.count)
        var last = 0
        for finding in scanner.findings {
            #expect(finding.range.lowerBound >= last && finding.range.upperBound <= text.count)
            last = finding.range.upperBound
        }
        return scanner.findings
    }

    @Test(arguments: [TextScanner.Mode.text, .json])
    func randomBytesAreScannedToTheirEnd(_ mode: TextScanner.Mode) throws {
        let engine = try MaskingEngine()
        var random = SplitMix(seed: 5)
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = scan(engine, text, mode, piece: Int.random(in: 1...64, using: &random))
        }
    }

    /// Of each kind of run twenty thousand bytes; what is quadratic would not come to an end.
    @Test func longRunsAreScannedInTimeThatGrowsWithTheirLengthAlone() throws {
        let engine = try MaskingEngine()
        for unit in [
            "7", "a", "41-", "4111 ", "a@a", "::a", "password=", "DE89 ", "YWFh", "\\u0034", "\"", "\\", "%", "é",
            "-----",
        ] {
            let bytes = Array(unit.utf8)
            let text = (0..<20_000).map { bytes[$0 % bytes.count] }
            // What is held back is counted as it is once escapes are undone.
            _ = scan(engine, text, .json, piece: 1000, held: unit.hasPrefix("\\u") ? 6 * 2048 : 2048)
        }
    }

    /// A value could go on behind them, so it would be held back with all of them.
    @Test(arguments: ["\u{200b}", "\0"])
    func charactersWithoutAWidthHoldNothingBackForEver(_ character: String) throws {
        let engine = try MaskingEngine()
        let text = Array(("4111" + String(repeating: character, count: 30_000)).utf8)
        for mode in [TextScanner.Mode.text, .json] {
            #expect(scan(engine, text, mode, piece: 1000, held: 8192).isEmpty)
        }
    }

    @Test func valuesInUTF16AndUTF32AreFound() throws {
        let engine = try MaskingEngine()
        let text = "{\"a\": \"pay with 4111111111111111 now\"}"
        let units = text.utf8.map { $0 }
        let encodings: [[UInt8]] = [
            units.flatMap { [$0, 0] }, units.flatMap { [0, $0] }, units.flatMap { [$0, 0, 0, 0] },
        ]
        for bytes in encodings {
            for mode in [TextScanner.Mode.text, .json] {
                let findings = scan(engine, bytes, mode, piece: 7, held: 8192)
                #expect(findings.map(\.entity.rawValue) == ["CREDIT_CARD"])
                #expect(findings.first?.value == Array("4111111111111111".utf8))
            }
        }
    }

    @Test func whatTheStandardDetectorsFindDoesNotDependOnHowATextIsCut() throws {
        let engine = try MaskingEngine()
        var random = SplitMix(seed: 11)
        let parts =
            ScanningFixture.parts + [
                "123-45-6789", "ssn ", "+1 (415) 555-0132", "192.168.10.1", "2001:db8::1", "AKIAIOSFODNN7EXAMPLE",
                "Authorization: Bearer abcdefghijklmnop0123", "postgres://u:p4ss@h/db", "born on 1980-02-03",
                "token\": \"",
                "sk-ant-REDACTED", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ]
        for seed in 0..<150 {
            let text = (0..<Int.random(in: 1...20, using: &random)).flatMap { _ in
                Array((parts.randomElement(using: &random) ?? "").utf8)
            }
            func covered(_ findings: [Finding]) -> [String] {
                findings.flatMap { finding in finding.range.map { "\($0) \(finding.entity)" } }
            }
            let whole = covered(scan(engine, text, .json, piece: max(1, text.count)))
            for piece in [1, 7] {
                let cut = covered(scan(engine, text, .json, piece: piece))
                #expect(cut == whole, "\(seed), cut by \(piece): \(String(decoding: text, as: UTF8.self))")
            }
        }
    }
}

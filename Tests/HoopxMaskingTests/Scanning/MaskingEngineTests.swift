import HoopxCore
import HoopxMasking
import Testing

struct MaskingEngineTests {
    private static let entity = EntityType(rawValue: "X")

    private func findings(_ engine: MaskingEngine, _ text: String) -> [EntityType] {
        let scanner = TextScanner(engine, mode: .text)
        Array(text.utf8).withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        return scanner.findings.map(\.entity)
    }

    @Test func aLoadedDatabaseFindsWhatTheCompiledOneDoes() throws {
        let compiled = try MaskingEngine(ScanningFixture.detectors)
        let database = try #require(compiled.serializedDatabase)
        let loaded = try MaskingEngine(ScanningFixture.detectors, database: database)
        #expect(loaded.isLoaded && !compiled.isLoaded)
        let text = "bob@example.com 4111111111111111 password=hunter2 DE89370400440532013000 pin 4711"
        #expect(findings(loaded, text) == findings(compiled, text))
        #expect(findings(loaded, text).count == 5)
    }

    @Test func whatIsNoDatabaseIsCompiledInstead() throws {
        for database in [[], [1, 2, 3], [UInt8](repeating: 0, count: 4096)] {
            let engine = try MaskingEngine(ScanningFixture.detectors, database: database)
            #expect(!engine.isLoaded)
            #expect(findings(engine, "bob@example.com ").count == 1)
        }
    }

    @Test func theDigestTellsDatabasesApart() {
        func detector(_ patterns: [Detector.Expression]) -> Detector {
            Detector(Self.entity, patterns, extent: .bounded(8), lookahead: 0, confidence: .low) { _ in nil }
        }
        let digests = [[], ["a"], ["b"], ["a", "b"], ["b", "a"], ["ab"]].map { patterns in
            MaskingEngine.databaseDigest([detector(patterns.map { Detector.Expression($0) })])
        }
        let caseless = MaskingEngine.databaseDigest([detector([.init("a", isCaseless: true)])])
        #expect(Set(digests + [caseless]).count == 7)
        #expect(digests.allSatisfy { $0.count == 32 })
        #expect(MaskingEngine.databaseDigest(Detector.standard) == MaskingEngine.databaseDigest(Detector.standard))
    }

    @Test func anExpressionThatIsNoneIsNamed() throws {
        let detector = Detector(
            Self.entity, [.init("a("), .init("b")], extent: .bounded(8), lookahead: 0, confidence: .low
        ) { _ in nil }
        let error = #expect(throws: HoopxError.self) { try MaskingEngine([detector]) }
        #expect(error?.description.contains("\"a(\"") == true)
    }
}

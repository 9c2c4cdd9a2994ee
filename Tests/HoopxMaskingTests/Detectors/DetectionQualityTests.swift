import HoopxMasking
import MaskingCorpus
import Testing

/// A part of what `make quality` measures.
@Suite struct DetectionQualityTests {
    @Test func noEntityIsMissedMoreThanOneTimeInTwentyNorFoundInNearMissesMoreThanOneTimeInFifty() throws {
        let quality = try DetectionQuality.measure((0..<1000).lazy.map(MaskingCorpus.document))
        let expected = Set(Detector.standard.map(\.entity))
        #expect(Set(quality.scores.keys) == expected)
        for (entity, score) in quality.scores {
            #expect(score.plain >= 20 && score.nearMisses >= 20, "\(entity) is hardly in the sample")
            #expect(score.plainRecall >= 0.95, "\(entity)")
            #expect(score.nearMissPrecision >= 0.98, "\(entity)")
            #expect(score.precision >= 0.95, "\(entity)")
        }
    }

    @Test func valuesOfPresidiosSentencesAreFound() throws {
        let sentences = (0..<(MaskingCorpus.sentenceCount * 5)).lazy.map(MaskingCorpus.sentence)
        let quality = try DetectionQuality.measure(sentences)
        for entity in [EntityType.creditCard, .emailAddress, .ibanCode, .ipAddress, .usSSN, .usDriverLicense] {
            #expect(try #require(quality.scores[entity]).plainRecall >= 0.95, "\(entity)")
        }
        #expect(quality.scores.values.allSatisfy { $0.falseFindings == 0 })
    }
}

import Testing

@testable import HoopxConfiguration
@testable import HoopxSession

/// The detectors of the configuration, compiled on a thread of their own.
struct EngineLoadingTests {
    /// The longest pattern that Vectorscan takes has 16,000 characters.
    @Test(arguments: [("(", ")", 7_990), ("(a|", ")", 3_990)])
    func aPatternMayBeNestedAsDeepAsItIsLong(opening: String, closing: String, depth: Int) throws {
        let pattern = String(repeating: opening, count: depth) + "B-[0-9]{6}" + String(repeating: closing, count: depth)
        let configuration = try Configuration.parse(
            "version: 1\nmasking:\n  detectors:\n    - {name: BADGE, pattern: '\(pattern)'}\n", path: "/hoopx.yaml",
            homeDirectory: "/")
        let engine = try EngineLoading(configuration.masking, nil).value()
        #expect(!engine.isLoaded)
    }
}

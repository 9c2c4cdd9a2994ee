import HoopxCore

/// All detectors of a run, compiled: immutable, and used by any number of threads at once.
public final class MaskingEngine: Sendable {
    /// - Parameters:
    ///   - detectors: what is looked for: `Detector.standard`, and those of `Detector(custom:)`.
    ///   - allowing: values that are never findings, compared as they are once escapes are undone.
    ///   - database: `database` of an engine with the same detectors, from whoever can vouch for its bytes: what
    ///     is not hoopx's own can corrupt memory. It is ignored where it does not fit.
    /// - Throws: where an expression cannot be compiled.
    public init(
        _ detectors: [Detector] = Detector.standard, allowing: Set<String> = [], database: [UInt8]? = nil
    ) throws(HoopxError) {
    }
}

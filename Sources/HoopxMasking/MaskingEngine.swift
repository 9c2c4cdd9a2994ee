import Crypto
import HoopxCore

/// All detectors of a run, compiled: immutable, and used by any number of threads at once.
public final class MaskingEngine: Sendable {
    let index: DetectorIndex
    let database: PatternDatabase
    let detectorCount: Int
    /// Whether the patterns were loaded, not compiled.
    public let isLoaded: Bool
    /// In lower case.
    private let allowed: Set<[UInt8]>

    /// - Parameters:
    ///   - detectors: what is looked for: `Detector.standard`, and those of `Detector.custom`; at least one.
    ///   - allowing: values that are never findings, compared as they are once escapes are undone, in any case.
    ///   - database: `serializedDatabase` of an engine whose detectors had the same `databaseDigest`, from whoever can vouch
    ///     for its bytes: what is not hoopx's own can corrupt memory. It is ignored where it cannot be loaded.
    /// - Throws: where an expression cannot be compiled.
    public init(
        _ detectors: [Detector] = Detector.standard, allowing: Set<String> = [], database: [UInt8]? = nil
    ) throws(HoopxError) {
        let index = DetectorIndex(detectors)
        self.index = index
        detectorCount = detectors.count
        allowed = Set(allowing.map { $0.utf8.map(Self.lowerCase) })
        if let database, let loaded = PatternDatabase(serialized: database) {
            self.database = loaded
            isLoaded = true
            return
        }
        isLoaded = false
        do {
            self.database = try PatternDatabase(compiling: index.expressions)
        } catch {
            let pattern = error.expression.map { " \"\(index.expressions[$0].pattern)\"" } ?? "s"
            throw HoopxError(.startup, doing: "compiling the pattern\(pattern) of the detectors", found: error.message)
        }
    }

    /// Tells databases apart by all that they are compiled from: the expressions in their order, the compiler's version and
    /// the processor's features. 32 bytes (SHA-256).
    public static func databaseDigest(_ detectors: [Detector]) -> [UInt8] {
        var hash = SHA256()
        func add(_ text: String) {
            withUnsafeBytes(of: UInt64(text.utf8.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(text.utf8))
        }
        add(PatternDatabase.platform)
        for expression in DetectorIndex(detectors).expressions {
            add(expression.pattern)
            add(expression.isCaseless ? "caseless" : "")
        }
        return Array(hash.finalize())
    }

    /// The compiled patterns, to be kept for the next run: it takes longer to compile than to load them.
    public var serializedDatabase: [UInt8]? { database.serialized }

    func allows(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        !allowed.isEmpty && allowed.contains(value.map(Self.lowerCase))
    }

    private static func lowerCase(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }
}

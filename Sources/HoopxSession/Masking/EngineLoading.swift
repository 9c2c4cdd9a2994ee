import Dispatch
import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxMasking
import Synchronization

/// The detectors of a run, on their way: they are compiled, or fetched from the cache, on a thread of their own.
final class EngineLoading: Sendable {
    private let result = Mutex<Result<MaskingEngine, HoopxError>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// Vectorscan's compiler goes down into a pattern as deep as its groups are nested: the deepest that its longest pattern
    /// has room for takes some 3 MiB.
    private static let stackSize = 8 << 20

    /// - Throws: where the process may have no more threads.
    init(_ configuration: MaskingConfiguration, _ cache: DetectorDatabaseCache?) throws(HoopxError) {
        do throws(Errno) {
            _ = try ServiceThread(name: "detectors", stackSize: Self.stackSize) { [self] in
                let made = Result { () throws(HoopxError) in try Self.make(configuration, cache) }
                result.withLock { $0 = made }
                isDone.signal()
            }
        } catch {
            throw HoopxError(.startup, doing: "starting a thread", found: "\(error)", hint: "raise ulimit -u")
        }
    }

    /// Waits until they are there.
    func value() throws(HoopxError) -> MaskingEngine {
        isDone.wait()
        isDone.signal()
        guard let result = result.withLock(\.self) else { preconditionFailure("a thread signalled before its result") }
        return try result.get()
    }

    private static func make(
        _ configuration: MaskingConfiguration, _ cache: DetectorDatabaseCache?
    ) throws(HoopxError) -> MaskingEngine {
        try configuration.requireEntities(of: Detector.standard.map(\.entity.rawValue))
        var detectors = Detector.standard
        for detector in configuration.detectors { detectors.append(try custom(detector)) }
        let digest = MaskingEngine.databaseDigest(detectors)
        let kept = cache?.load(digest)
        let engine = try MaskingEngine(detectors, allowing: Set(configuration.allowed), database: kept)
        if !engine.isLoaded, let database = engine.serializedDatabase { cache?.store(database, digest) }
        return engine
    }

    private static func custom(_ detector: CustomDetector) throws(HoopxError) -> Detector {
        let entity = EntityType(rawValue: detector.name)
        do throws(CustomDetectorFailure) {
            return switch detector.subject {
            case .pattern(let pattern): try .custom(entity, pattern: pattern, context: detector.context)
            case .words(let words): try .custom(entity, words: words, context: detector.context)
            }
        } catch {
            throw detector.error(error.found, at: error.offset)
        }
    }
}

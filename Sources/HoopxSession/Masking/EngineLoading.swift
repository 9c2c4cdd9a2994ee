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

    /// - Throws: where the process may have no more threads.
    init(_ configuration: MaskingConfiguration) throws(HoopxError) {
        do throws(Errno) {
            _ = try ServiceThread(name: "detectors") { [self] in
                let made = Result { () throws(HoopxError) in try Self.make(configuration) }
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

    private static func make(_ configuration: MaskingConfiguration) throws(HoopxError) -> MaskingEngine {
        try configuration.requireEntities(of: Detector.standard.map(\.entity.rawValue))
        return try MaskingEngine(Detector.standard, allowing: Set(configuration.allowed))
    }
}

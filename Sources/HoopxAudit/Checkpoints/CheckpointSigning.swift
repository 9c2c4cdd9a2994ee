import HoopxCore
import HoopxTransparency
import Synchronization

/// Finds the key that a log's checkpoints are signed with, once.
final class CheckpointSigning: Sendable {
    private let find: @Sendable (_ origin: String) throws(HoopxError) -> LogSigner
    private let known = Mutex<LogSigner?>(nil)

    /// - Parameter find: finds the key of the log with this name, or makes it.
    init(_ find: @escaping @Sendable (_ origin: String) throws(HoopxError) -> LogSigner) { self.find = find }

    /// With the key files of the state directory.
    convenience init(directory: String) {
        self.init { (origin) throws(HoopxError) in
            try LogKeyFile(directory: directory, origin: origin).findOrMake()
        }
    }

    func signer(of origin: String) throws(HoopxError) -> LogSigner {
        if let known = known.withLock({ $0 }), known.verifier.name == origin { return known }
        let found = try find(origin)
        known.withLock { $0 = found }
        return found
    }
}

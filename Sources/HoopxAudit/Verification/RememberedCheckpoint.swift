import HoopxCore
import HoopxLinux
import HoopxTransparency

/// The newest checkpoint that the last verification found in order: the next one finds the log cut back or replaced by it.
public struct RememberedCheckpoint: Sendable {
    static let name = "verified.checkpoint"
    public let path: String
    private let directory: String

    /// - Parameter directory: the state directory.
    public init(directory: String) {
        self.directory = directory
        path = directory + "/" + Self.name
    }

    /// Keeps a checkpoint in the place of an older one.
    public func keep(_ signed: SignedCheckpoint) throws(HoopxError) {
        try PrivateDirectory(directory).write(Array(signed.note.encoded.utf8), to: Self.name, isDurable: true)
    }
}

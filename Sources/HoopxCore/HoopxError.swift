/// An error that a person reads: what hoopx was doing, what it found, and what to do next.
///
/// It is shown as `hoopx: error: <doing>: <found>` and, where there is one, `hoopx: hint: <hint>`. The texts are
/// lower case, without a full stop, and never hold a secret.
public struct HoopxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the error sends the process; `ExitStatus` maps it to a number.
    public enum Kind: Hashable, Sendable {
        /// The user called hoopx or configured it in a way that cannot work.
        case usage
        /// hoopx failed before the command ran.
        case startup
        /// A signal ended hoopx before the command ran.
        case interrupted(signal: Int32)
        /// The command was found but could not be executed.
        case commandNotExecutable
        /// The command does not exist.
        case commandNotFound
    }

    public let kind: Kind
    public let doing: String
    public let found: String
    public let hint: String?

    public init(_ kind: Kind, doing: String, found: String, hint: String? = nil) {
        self.kind = kind
        self.doing = doing
        self.found = found
        self.hint = hint
    }

    public var description: String { "\(doing): \(found)" }
}

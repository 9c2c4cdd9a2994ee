/// How a process ended, read from what waitpid(2) gives.
public enum WaitStatus: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)

    /// - Parameter raw: the status of a process that ended; one that was merely stopped has no `WaitStatus`.
    public init?(raw: Int32) {
        switch raw & 0x7f {
        case 0: self = .exited((raw >> 8) & 0xff)
        case 0x7f: return nil
        case let signal: self = .signaled(signal)
        }
    }

    /// What a shell would say in `$?`: the status itself, or 128 and the signal.
    public var exitStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        }
    }

    public var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }
}

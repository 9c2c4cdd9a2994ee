import CHoopxLinux

/// The signal dispositions and mask that hoopx was started with, which are the target's by right.
///
/// hoopx and its libraries change their own (SwiftNIO ignores SIGPIPE, `SignalStream` blocks), so the value is taken
/// first of all, and given to whatever is spawned.
public struct InheritedSignals: Hashable, Sendable {
    /// Bit n-1 stands for signal n.
    let ignored: UInt64
    let blocked: UInt64

    /// Reads the process's dispositions and the calling thread's mask.
    public static func current() -> InheritedSignals {
        InheritedSignals(ignored: hoopx_ignored_signals(), blocked: hoopx_blocked_signals())
    }

    /// Dispositions and a mask of one's own. A spawned process ignores a signal only where hoopx ignores it too:
    /// posix_spawn(3) can set the default, but not more.
    public init(ignoring: [Int32], blocking: [Int32]) {
        ignored = ignoring.reduce(0) { $0 | 1 << UInt64($1 - 1) }
        blocked = blocking.reduce(0) { $0 | 1 << UInt64($1 - 1) }
    }

    private init(ignored: UInt64, blocked: UInt64) {
        self.ignored = ignored
        self.blocked = blocked
    }
}

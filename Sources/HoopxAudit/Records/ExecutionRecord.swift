import HoopxCore

/// A program that the target executed, as far as hoopx saw it.
///
/// Advisory: the target can change its memory between hoopx's look and the kernel's, so that this is what an honest
/// target did. What it could reach does not depend on it.
public struct ExecutionRecord: Hashable, Sendable {
    /// In the session, in the order in which they were seen. Numbers are left out where executions were not recorded.
    public let number: Int64
    /// The process that became the program, and its parent; nil where it could not be told.
    public let pid: Int32?
    public let parentPID: Int32?
    public let executedAt: Timestamp
    /// The program's file, absolute where that could be told; nil where it could not be read.
    public let path: String?
    public let arguments: RecordedArguments
    /// There were more arguments, or longer ones, than are recorded; or they could not be read.
    public let isTruncated: Bool

    public init(
        number: Int64, pid: Int32?, parentPID: Int32?, executedAt: Timestamp, path: String?,
        arguments: RecordedArguments, isTruncated: Bool
    ) {
        self.number = number
        self.pid = pid
        self.parentPID = parentPID
        self.executedAt = executedAt
        self.path = path
        self.arguments = arguments
        self.isTruncated = isTruncated
    }
}

/// How many executions of a session were seen.
public struct ExecutionCounts: Hashable, Sendable {
    public var recorded: Int64
    /// Seen, but not recorded because there were too many.
    public var unrecorded: Int64
    /// Attempts to execute what is no executable file, as a search in `PATH` makes them: counted only.
    public var missed: Int64

    public init(recorded: Int64 = 0, unrecorded: Int64 = 0, missed: Int64 = 0) {
        self.recorded = recorded
        self.unrecorded = unrecorded
        self.missed = missed
    }
}

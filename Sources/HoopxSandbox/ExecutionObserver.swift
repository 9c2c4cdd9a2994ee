/// A program that the target asked the kernel to execute, as far as hoopx could see it: a moment before the kernel
/// looked itself. The target can change its memory in between, so that this says what an honest target did, and proves
/// nothing about another.
public struct ObservedExecution: Hashable, Sendable {
    /// The process (thread group) that becomes the program.
    public let pid: Int32?
    /// Its parent.
    public let parentPID: Int32?
    /// The program's file, absolute where that could be told; nil where it could not be read.
    public let path: [UInt8]?
    public let arguments: [[UInt8]]
    /// Arguments are missing, or cut: there were too many, or they could not be read.
    public let isTruncated: Bool

    public init(pid: Int32?, parentPID: Int32?, path: [UInt8]?, arguments: [[UInt8]], isTruncated: Bool) {
        self.pid = pid
        self.parentPID = parentPID
        self.path = path
        self.arguments = arguments
        self.isTruncated = isTruncated
    }
}

/// Is told what the target executes. Nothing depends on it.
///
/// Both are called on a notification thread, which the target's next trapped call waits for: they must not block, and
/// should take no longer than it takes to put something aside.
public protocol ExecutionObserver: Sendable {
    /// The target is about to execute a program. It may fail still: the file may be of no known format.
    func observed(_ execution: ObservedExecution)

    /// The target tried to execute what is no executable file, as a search in `PATH` does.
    func observedMiss()
}

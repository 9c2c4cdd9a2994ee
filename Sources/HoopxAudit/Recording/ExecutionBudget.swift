/// Which executions of a session are recorded.
///
/// A target can execute a thousand programs in a second, with long arguments. Beyond a number of them and a size of all
/// they are counted, so that neither the memory nor the disk fills with them.
struct ExecutionBudget {
    static let capacity: Int64 = 100_000
    /// Of the paths and arguments of all that are recorded, in bytes.
    static let size = 64 << 20

    private(set) var counts = ExecutionCounts()
    private var usedSize = 0

    /// Counts an execution that was seen, and says whether it is recorded.
    ///
    /// - Parameters:
    ///   - size: of its path and arguments.
    ///   - hasRoom: whether it can wait to be written.
    mutating func admits(size: Int, hasRoom: Bool) -> Bool {
        guard hasRoom, counts.recorded < Self.capacity, usedSize + size <= Self.size else {
            counts.unrecorded += 1
            return false
        }
        counts.recorded += 1
        usedSize += size
        return true
    }

    mutating func countMiss() { counts.missed += 1 }
}

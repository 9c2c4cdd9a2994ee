/// What the command wrote to its terminal, as it is recorded.
public struct TerminalRecord: Hashable, Sendable {
    /// Of the terminal when it began, in characters.
    public let columns: Int64
    public let rows: Int64
    /// Microseconds to what was written last, by a monotonic clock.
    public let duration: Int64
    public let body: RecordedBody

    public init(columns: Int64, rows: Int64, duration: Int64, body: RecordedBody) {
        self.columns = columns
        self.rows = rows
        self.duration = duration
        self.body = body
    }
}

import HoopxCore

/// How often something that goes on all the time is told again: the longer it has gone on, the more rarely, so that it
/// does not fill the log. A day of it is about a hundred events.
struct RepetitionInterval {
    private let first: Timestamp
    private var last: Timestamp

    /// It was told for the first time.
    init(first: Timestamp) { (self.first, last) = (first, first) }

    func isDue(at now: Timestamp) -> Bool {
        now.microseconds - last.microseconds >= max(1_000_000, (now.microseconds - first.microseconds) / 8)
    }

    mutating func told(at now: Timestamp) { last = now }
}

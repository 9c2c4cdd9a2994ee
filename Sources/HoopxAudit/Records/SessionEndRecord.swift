import HoopxCore

/// The end of a session.
public struct SessionEndRecord: Hashable, Sendable {
    public let ending: SessionEnding
    /// nil where nobody knows: its hoopx vanished.
    public let endedAt: Timestamp?

    public init(_ ending: SessionEnding, at time: Timestamp?) {
        self.ending = ending
        endedAt = time
    }
}

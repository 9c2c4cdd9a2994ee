import HoopxCore

/// What was denied in a session, once for each kind of it, with how often.
public struct DenialRecord: Hashable, Sendable {
    public let denial: Denial
    public var count: Int64
    public let firstAt: Timestamp
    public var lastAt: Timestamp

    public init(denial: Denial, count: Int64, firstAt: Timestamp, lastAt: Timestamp) {
        self.denial = denial
        self.count = count
        self.firstAt = firstAt
        self.lastAt = lastAt
    }
}

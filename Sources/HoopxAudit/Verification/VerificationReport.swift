import HoopxTransparency

/// What a verification of the record found.
public struct VerificationReport: Sendable {
    /// The log's name.
    public internal(set) var origin = ""
    /// The key that the newest checkpoint must be signed with.
    public internal(set) var key: LogVerifier?
    /// How many events the log has.
    public internal(set) var eventCount: Int64 = 0
    /// How many of them have no payload any more, for their age.
    public internal(set) var prunedCount: Int64 = 0
    /// How many of them the newest checkpoint does not cover yet.
    public internal(set) var uncoveredCount: Int64 = 0
    public internal(set) var checkpointCount: Int64 = 0
    /// How many checkpoints of anchors and given files were compared.
    public internal(set) var outsideCount: Int64 = 0
    /// How many events the last verification found in order; nil where there was none.
    public internal(set) var rememberedSize: Int64?
    public internal(set) var timestampCount: Int64 = 0
    public internal(set) var cosignatureCount: Int64 = 0
    public internal(set) var rowCount: Int64 = 0
    /// Sessions from before there was a log: their rows are all there is of them.
    public internal(set) var unvouchedSessionCount: Int64 = 0
    public internal(set) var bodyCount: Int64 = 0
    /// In the order in which they were found, `FindingLog.limit` at most.
    public internal(set) var findings: [VerificationFinding] = []
    /// How many more there are.
    public internal(set) var furtherFindingCount: Int64 = 0
    /// The newest checkpoint that is in order: what to remember.
    public internal(set) var newest: SignedCheckpoint?

    public var isInOrder: Bool { findings.isEmpty }
}

/// How a session is recorded (`audit:` of the configuration).
public struct AuditSettings: Sendable, Hashable {
    /// When an event counts as durable, so that what waits for it may go on.
    public enum Durability: String, Sendable, CaseIterable {
        /// Once the disk has it: it survives a loss of power.
        case full
        /// Once the kernel has it: it survives the end of hoopx by any signal, but not a loss of power.
        case normal
    }

    public var durability: Durability
    /// Whether bodies are recorded; events are in any case.
    public var recordsBodies: Bool
    /// How many bytes of one body are recorded; the rest is left out and the body marked as truncated.
    public var bodyCapacity: Int
    /// How many events lie between two checkpoints of the log, at most.
    public var checkpointInterval: Int64

    public static let standardBodyCapacity = 16 << 20
    public static let standardCheckpointInterval: Int64 = 1_000

    public init(
        durability: Durability = .full, recordsBodies: Bool = true,
        bodyCapacity: Int = standardBodyCapacity, checkpointInterval: Int64 = standardCheckpointInterval
    ) {
        self.durability = durability
        self.recordsBodies = recordsBodies
        self.bodyCapacity = bodyCapacity
        self.checkpointInterval = checkpointInterval
    }
}

/// Masks a text before it is written: whatever the record holds has gone through it. It is called on the writer's thread.
public typealias RecordMask = @Sendable (String) -> String

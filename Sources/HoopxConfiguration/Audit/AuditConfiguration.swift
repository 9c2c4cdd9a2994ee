import HoopxTransparency

/// What is recorded, how safely, and for how long. Connections, requests and denials always are.
public struct AuditConfiguration: Hashable, Sendable {
    /// When what was written counts as written.
    public enum Durability: String, CaseIterable, Sendable {
        /// Once it is on the disk: it outlives a power failure.
        case full
        /// Once the kernel has it: it outlives hoopx, whatever ends it.
        case normal
    }

    /// Which programs the target executes.
    public let recordsExecutions: Bool
    public let durability: Durability
    /// Whether the contents of requests and responses are recorded.
    public let recordsBodies: Bool
    /// How much of one body is recorded, in bytes, from 1 KiB to 1 GiB.
    public let maximumBody: Int
    /// A checkpoint is signed after so many events, from 1 to 1,000,000, and at the end of a session.
    public let checkpointInterval: Int
    /// Contents that are older are deleted; nil for never.
    public let retention: Duration?
    /// Where checkpoints are published, in the order of the file.
    public let anchors: [Anchor]

    public init(
        recordsExecutions: Bool = true, durability: Durability = .full, recordsBodies: Bool = true,
        maximumBody: Int = 16 << 20, checkpointInterval: Int = 1_000, retention: Duration? = nil,
        anchors: [Anchor] = []
    ) {
        self.recordsExecutions = recordsExecutions
        self.durability = durability
        self.recordsBodies = recordsBodies
        self.maximumBody = maximumBody
        self.checkpointInterval = checkpointInterval
        self.retention = retention
        self.anchors = anchors
    }

    /// A place outside of the record that remembers its checkpoints.
    public enum Anchor: Hashable, Sendable {
        /// A file that they are appended to; absolute.
        case file(String)
        /// A directory that each becomes a file of; absolute.
        case directory(String)
        /// A time stamping authority (RFC 3161), and the PEM file of who may vouch for it; absolute.
        case timestampAuthority(url: String, authorityFile: String)
        /// A witness (C2SP tlog-witness), and the key that its answers are signed with (C2SP signed-note, vkey).
        case witness(url: String, key: LogVerifier)

        /// What it is on this machine, or nil where it is elsewhere.
        public var path: String? {
            switch self {
            case .file(let path), .directory(let path): path
            case .timestampAuthority, .witness: nil
            }
        }
    }
}

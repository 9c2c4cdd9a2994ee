/// Something in the record that is not as the log says, or that cannot be told.
public struct VerificationFinding: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// An event, by its place in the log.
        case leaf
        /// What is kept of the tree beside the leaves.
        case tree
        case checkpoint
        case key
        /// A place outside of the record that checkpoints were published at.
        case anchor
        /// A row of a table that is made from the events.
        case row
        /// A recorded body, or a piece of one.
        case body
    }

    public let kind: Kind
    /// Which: `leaf 17`, `checkpoint of 1000 events`.
    public let subject: String
    /// What is wrong with it.
    public let found: String

    init(_ kind: Kind, _ subject: String, _ found: String) {
        self.kind = kind
        self.subject = subject
        self.found = found
    }

    public var description: String { "\(subject): \(found)" }
}

/// What a verification found, up to a limit; what lies beyond it is counted.
struct FindingLog {
    static let limit = 1_000

    private(set) var findings: [VerificationFinding] = []
    private(set) var furtherCount: Int64 = 0

    mutating func add(_ kind: VerificationFinding.Kind, _ subject: String, _ found: String) {
        if findings.count < Self.limit {
            findings.append(VerificationFinding(kind, subject, found))
        } else {
            furtherCount += 1
        }
    }
}

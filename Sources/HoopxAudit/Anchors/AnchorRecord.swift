import HoopxCore

/// That a checkpoint is kept at a place outside of the record.
public struct AnchorRecord: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case file
        case directory
        /// RFC 3161.
        case timestamp
        /// C2SP tlog-witness.
        case witness
    }

    /// How many events the checkpoint covers.
    public let size: Int64
    public let kind: Kind
    /// A path, or a URL.
    public let place: String
    public let time: Timestamp
    /// What the place answered: a time-stamp response in DER, a witness's signature lines; else empty.
    public let evidence: [UInt8]

    public init(size: Int64, kind: Kind, place: String, time: Timestamp, evidence: [UInt8] = []) {
        self.size = size
        self.kind = kind
        self.place = place
        self.time = time
        self.evidence = evidence
    }
}

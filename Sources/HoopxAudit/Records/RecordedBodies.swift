import HoopxCore

/// What an event says of a body that is recorded: enough to tell whether what is stored is what was seen.
public struct RecordedBody: Hashable, Sendable {
    /// Why a body is not recorded to its end.
    public enum Truncation: String, Sendable {
        /// It is longer than what is recorded of one body.
        case limit
        /// The store did not take it as fast as it came.
        case store
        /// Its request ended, or the session did, before it was complete.
        case incomplete
    }

    /// Of what is recorded, in bytes.
    public let length: Int64
    /// Of what is recorded, in lower-case hexadecimal.
    public let sha256: String
    /// nil where the body is recorded as a whole.
    public let truncation: Truncation?

    public init(length: Int64, sha256: String, truncation: Truncation?) {
        self.length = length
        self.sha256 = sha256
        self.truncation = truncation
    }
}

/// The bodies of a request, as far as they are over when an event tells of them.
public struct RecordedBodies: Hashable, Sendable {
    public var request: RecordedBody?
    public var response: RecordedBody?

    public init(request: RecordedBody? = nil, response: RecordedBody? = nil) {
        self.request = request
        self.response = response
    }
}

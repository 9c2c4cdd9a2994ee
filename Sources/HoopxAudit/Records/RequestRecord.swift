import HoopxCore

/// One request that hoopx read. Record it when it is decided on, and again, under its number, when it ends.
public struct RequestRecord: Hashable, Sendable {
    /// What became of the credential that the target sent.
    public enum CredentialUse: String, Sendable {
        /// The placeholder was there and the connection's own credential took its place.
        case injected
        /// The client's own OAuth token passed, as the configuration lets it.
        case clientToken = "client_token"
        /// The request had none and passed without one.
        case absent
        /// The request was denied for its credential, or for want of one.
        case refused
        /// The request was denied before its credential was looked at, or the connection has none.
        case unused
    }

    /// From `Recorder.nextRequestNumber()`: 1 for the session's first.
    public let number: Int64
    /// The number of the `ConnectionRecord` that it came on.
    public let connectionNumber: Int64
    /// The name of the configured connection, or nil for a plain request to a tunnelled host.
    public let connectionName: String?
    public let method: String
    /// The path, with the values of its query left out.
    public let path: RecordedPath
    public let startedAt: Timestamp
    public var credential: CredentialUse
    /// The `LeaseRecord.id` of the credential that was injected.
    public var lease: String?
    /// What the client's own token is called in this session's record: never a part of it, and nothing that it could be
    /// guessed from.
    public var clientToken: String?
    /// nil where the request passed.
    public var denial: ReasonCode?
    /// The status that the target was answered with; nil while there is no answer, and where the upstream broke off.
    public var status: Int?
    /// Body bytes, without the framing of chunks.
    public var requestBytes: Int64
    public var responseBytes: Int64
    /// Microseconds by a monotonic clock from the end of the request's head to the first byte of the response.
    public var firstByteAfter: Int64?
    /// Microseconds to the end of the response; nil while it goes on.
    public var duration: Int64?
    /// What is asked of the API, by its name there: `messages.create`; nil where hoopx does not know the API.
    public var operation: String?
    public var model: String?
    /// What the upstream calls the request, as its response says: `req_011C...`.
    public var upstreamRequestID: String?
    /// Why the model stopped: `end_turn`, `tool_use`.
    public var stopReason: String?
    /// nil where the response does not tell.
    public var usage: TokenUsage?

    public init(
        number: Int64, connectionNumber: Int64, connectionName: String?, method: String, path: RecordedPath,
        startedAt: Timestamp, credential: CredentialUse, lease: String? = nil, clientToken: String? = nil,
        denial: ReasonCode? = nil, status: Int? = nil,
        requestBytes: Int64 = 0, responseBytes: Int64 = 0, firstByteAfter: Int64? = nil, duration: Int64? = nil,
        operation: String? = nil, model: String? = nil, upstreamRequestID: String? = nil, stopReason: String? = nil,
        usage: TokenUsage? = nil
    ) {
        self.number = number
        self.connectionNumber = connectionNumber
        self.connectionName = connectionName
        self.method = method
        self.path = path
        self.startedAt = startedAt
        self.credential = credential
        self.lease = lease
        self.clientToken = clientToken
        self.denial = denial
        self.status = status
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.firstByteAfter = firstByteAfter
        self.duration = duration
        self.operation = operation
        self.model = model
        self.upstreamRequestID = upstreamRequestID
        self.stopReason = stopReason
        self.usage = usage
    }
}

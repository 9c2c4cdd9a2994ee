import HoopxCore

/// What becomes known of a request only as it goes on: the part of its record that its end tells again.
public struct RequestOutcome: Hashable, Sendable {
    /// The `RequestRecord.number`.
    public let number: Int64
    public var credential: RequestRecord.CredentialUse
    public var lease: String?
    public var clientToken: String?
    public var denial: ReasonCode?
    public var status: Int64?
    public var requestBytes: Int64
    public var responseBytes: Int64
    public var firstByteAfter: Int64?
    public var duration: Int64?
    public var operation: String?
    public var model: String?
    public var upstreamRequestID: String?
    public var stopReason: String?
    public var usage: TokenUsage?

    init(
        number: Int64, credential: RequestRecord.CredentialUse, lease: String?, clientToken: String?,
        denial: ReasonCode?, status: Int64?, requestBytes: Int64, responseBytes: Int64, firstByteAfter: Int64?,
        duration: Int64?, operation: String?, model: String?, upstreamRequestID: String?, stopReason: String?,
        usage: TokenUsage?
    ) {
        self.number = number
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

extension RequestRecord {
    /// As it would have been recorded before anything came of it.
    var beginning: RequestRecord {
        var record = self
        (record.status, record.firstByteAfter, record.duration) = (nil, nil, nil)
        (record.requestBytes, record.responseBytes) = (0, 0)
        (record.upstreamRequestID, record.stopReason, record.usage) = (nil, nil, nil)
        return record
    }

    public var outcome: RequestOutcome {
        get {
            RequestOutcome(
                number: number, credential: credential, lease: lease, clientToken: clientToken, denial: denial,
                status: status.map(Int64.init), requestBytes: requestBytes, responseBytes: responseBytes,
                firstByteAfter: firstByteAfter, duration: duration, operation: operation, model: model,
                upstreamRequestID: upstreamRequestID, stopReason: stopReason, usage: usage)
        }
        set {
            credential = newValue.credential
            lease = newValue.lease
            clientToken = newValue.clientToken
            denial = newValue.denial
            status = newValue.status.map { Int($0) }
            requestBytes = newValue.requestBytes
            responseBytes = newValue.responseBytes
            firstByteAfter = newValue.firstByteAfter
            duration = newValue.duration
            operation = newValue.operation
            model = newValue.model
            upstreamRequestID = newValue.upstreamRequestID
            stopReason = newValue.stopReason
            usage = newValue.usage
        }
    }
}

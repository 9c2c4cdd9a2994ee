import HoopxAudit
import HoopxClaude
import NIOCore

/// What is recorded of one request, as it goes.
struct RequestAccount {
    private var record: RequestRecord
    private let start = NIODeadline.now()

    init(_ record: RequestRecord) { self.record = record }

    mutating func requestBytes(_ count: Int) { record.requestBytes += Int64(count) }

    mutating func responseBytes(_ count: Int) { record.responseBytes += Int64(count) }

    mutating func responseBegan(status: UInt, upstreamRequestID: String?) {
        record.status = Int(status)
        record.upstreamRequestID = upstreamRequestID?.printable
        record.firstByteAfter = elapsed
    }

    mutating func injected(lease: String) { record.lease = lease }

    mutating func asks(_ facts: ClaudeRequestFacts) { record.model = facts.model }

    mutating func answers(_ facts: ClaudeResponseFacts) {
        record.model = facts.model ?? record.model
        record.stopReason = facts.stopReason
        let usage = facts.usage
        guard usage != ClaudeUsage() else { return }
        record.usage = TokenUsage(
            input: Int64(usage.input ?? 0), output: Int64(usage.output ?? 0),
            cacheCreation: Int64(usage.cacheCreation ?? 0), cacheRead: Int64(usage.cacheRead ?? 0))
    }

    mutating func denied(_ refusal: Refusal) {
        record.denial = refusal.denial.code
        if case .credential = refusal.denial.layer { record.credential = .refused }
        record.status = Int(refusal.status.code)
    }

    /// The upstream broke off in the middle of its response.
    mutating func brokeOff(_ refusal: Refusal) { record.denial = refusal.denial.code }

    /// The record as it stands now.
    var current: RequestRecord { record }

    /// The record with its end.
    func ended() -> RequestRecord {
        var record = record
        record.duration = elapsed
        return record
    }

    var number: Int64 { record.number }

    /// Microseconds since the head was read.
    var elapsed: Int64 { (NIODeadline.now() - start).nanoseconds / 1000 }
}

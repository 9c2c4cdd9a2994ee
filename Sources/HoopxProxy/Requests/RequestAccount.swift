import HoopxAudit
import NIOCore

/// What is recorded of one request, as it goes.
struct RequestAccount {
    private var record: RequestRecord
    private let start = NIODeadline.now()

    init(_ record: RequestRecord) { self.record = record }

    mutating func requestBytes(_ count: Int) { record.requestBytes += Int64(count) }

    mutating func responseBytes(_ count: Int) { record.responseBytes += Int64(count) }

    mutating func responseBegan(status: UInt) {
        record.status = Int(status)
        record.firstByteAfter = elapsed
    }

    mutating func injected(lease: String) { record.lease = lease }

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

    private var elapsed: Int64 { (NIODeadline.now() - start).nanoseconds / 1000 }
}

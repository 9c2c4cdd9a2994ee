import HoopxCore

/// Something that happened: what the log consists of. The tables of the store are made from events and nothing else.
public struct AuditEvent: Sendable, Hashable {
    /// The version of the events' shape that this hoopx writes.
    public static let schema: Int64 = 1

    public let session: SessionID
    /// Within the session: 1, 2, ...
    public let sequence: Int64
    public let moment: EventMoment
    public let principal: EventPrincipal
    public let content: Content

    public enum Content: Sendable, Hashable {
        case sessionStart(SessionRecord)
        case sessionEnd(SessionEndRecord)
        case connection(ConnectionRecord)
        case egressDenied(DenialRecord)
        case request(RequestRecord, RecordedBodies)
        case response(RequestOutcome, RecordedBodies)
        case toolUse(ToolUseRecord)
        case decision(DecisionRecord)
        case masked(MaskingRecord)
        case credential(LeaseRecord)
        case execution(ExecutionRecord)
        case executionCounts(ExecutionCounts)
        case terminal(TerminalRecord)
        case error(ErrorRecord)
        case retention(RetentionRecord)
        case legalHold(LegalHoldRecord)
        case logKey(LogKeyRecord)
    }

    public var kind: EventKind {
        switch content {
        case .sessionStart: .sessionStart
        case .sessionEnd: .sessionEnd
        case .connection: .connection
        case .egressDenied: .egressDenied
        case .request: .request
        case .response: .response
        case .toolUse: .toolUse
        case .decision: .decision
        case .masked: .masked
        case .credential(let lease):
            if lease.ending != nil || lease.endedAt != nil {
                .credentialRevoked
            } else {
                lease.renewalCount > 0 ? .credentialRefreshed : .credentialIssued
            }
        case .execution, .executionCounts: .execution
        case .terminal: .terminal
        case .error: .error
        case .retention: .retention
        case .legalHold: .legalHold
        case .logKey: .logKey
        }
    }
}

/// When something happened.
public struct EventMoment: Sendable, Hashable {
    /// By the system's clock, which can jump.
    public let time: Timestamp
    /// By `CLOCK_MONOTONIC`, in microseconds since the machine started: it orders the events of one start of the machine.
    public let monotonic: Int64

    public init(time: Timestamp, monotonic: Int64) {
        self.time = time
        self.monotonic = monotonic
    }

    public static func now() -> EventMoment { EventMoment(time: .now(), monotonic: MonotonicClock.microseconds()) }
}

/// Whom an event's session acts for, as far as each event tells; the rest stands in the session's start.
public struct EventPrincipal: Sendable, Hashable {
    public let kind: Principal.Kind
    public let name: String
    public let subject: String
    public let issuer: String?
    public let isVerified: Bool

    public init(_ principal: Principal) {
        self.init(
            kind: principal.kind, name: principal.name, subject: principal.subject, issuer: principal.issuer,
            isVerified: principal.isVerified)
    }

    init(kind: Principal.Kind, name: String, subject: String, issuer: String?, isVerified: Bool) {
        self.kind = kind
        self.name = name
        self.subject = subject
        self.issuer = issuer
        self.isVerified = isVerified
    }
}

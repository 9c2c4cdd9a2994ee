import HoopxCore
import HoopxTransparency

/// An event as it goes into the log.
public struct LoggedEvent: Sendable {
    public let event: AuditEvent
    /// Canonical JSON (RFC 8785): the leaf.
    public let payload: [UInt8]
    public let leafHash: TreeHash

    public init(_ event: AuditEvent) {
        self.event = event
        payload = event.payload
        leafHash = TreeHash(leaf: payload)
    }
}

/// What is written together, of one session: all of it or nothing.
public struct EventBatch: Sendable {
    public var session: SessionID
    /// In the order of their sequence.
    public var events: [LoggedEvent] = []
    public var bodies: [BodyPart] = []

    public init(session: SessionID, events: [LoggedEvent] = []) {
        self.session = session
        self.events = events
    }

    public var isEmpty: Bool { events.isEmpty && bodies.isEmpty }
}

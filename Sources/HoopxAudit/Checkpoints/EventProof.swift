import GRDB
import HoopxCore
import HoopxTransparency

/// That an event is in the log: what a third party needs beside the log's key.
public struct EventProof: Sendable {
    /// Canonical JSON; nil where it was deleted for its age. Whoever kept it can use the proof nevertheless.
    public let payload: [UInt8]?
    public let leafHash: TreeHash
    public let inclusion: InclusionProof
    /// With the signatures of the witnesses that have cosigned it.
    public let checkpoint: SignedCheckpoint

    /// As C2SP tlog-proof has it, with the event as its extra data.
    public var document: TransparencyProof {
        TransparencyProof(inclusion, checkpoint: checkpoint.note, extra: payload)
    }
}

/// Which event of the record.
public enum EventName: Hashable, Sendable, CustomStringConvertible {
    /// By its position in the log, from 0.
    case leaf(Int64)
    /// By its session's name, or as much of it as tells it apart, and its number in the session, from 1.
    case event(session: String, sequence: Int64)

    public var description: String {
        switch self {
        case .leaf(let leaf): String(leaf)
        case .event(let session, let sequence): "\(session):\(sequence)"
        }
    }

    /// Reads `17` or `20261126-0a1b2c3d:4`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1:
            guard let leaf = Int64(parts[0]), leaf >= 0 else { return nil }
            self = .leaf(leaf)
        case 2:
            guard let sequence = Int64(parts[1]), sequence > 0, !parts[0].isEmpty else { return nil }
            self = .event(session: parts[0].lowercased(), sequence: sequence)
        default: return nil
        }
    }
}

extension SQLiteAuditStore {
    /// Proves that an event is in the log.
    ///
    /// - Parameter given: the checkpoint to prove it against; nil for the newest, which is signed now where none covers the
    ///   event yet.
    public func prove(_ name: EventName, against given: SignedCheckpoint?) throws(HoopxError) -> EventProof {
        let event = try event(name)
        var checkpoint = given
        if checkpoint == nil { checkpoint = try newestCheckpoint(covering: event.leaf) }
        if checkpoint == nil { checkpoint = try signCheckpoint() }
        guard let checkpoint, checkpoint.checkpoint.size > event.leaf else {
            throw Self.unproven(
                event.leaf, "the checkpoint does not cover it: it was signed before",
                hint: given == nil ? Self.verifyHint : "without --checkpoint the newest is taken, or one is signed now")
        }
        guard let leafHash = TreeHash(bytes: event.leafHash) else {
            throw Self.unproven(event.leaf, "its hash is damaged", hint: Self.verifyHint)
        }
        let inclusion = try inclusionProof(of: event.leaf, size: checkpoint.checkpoint.size)
        guard inclusion.verifies(leaf: leafHash, root: checkpoint.checkpoint.root),
            event.payload.map({ TreeHash(leaf: $0) == leafHash }) ?? true
        else {
            throw Self.unproven(
                event.leaf, "the log is not that which the checkpoint was signed for", hint: Self.verifyHint)
        }
        return EventProof(
            payload: event.payload, leafHash: leafHash, inclusion: inclusion, checkpoint: try cosigned(checkpoint))
    }

    private static let verifyHint = "hoopx audit verify tells what was changed"

    private static func unproven(_ leaf: Int64, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "proving leaf \(leaf)", found: found, hint: hint)
    }

    private func event(_ name: EventName) throws(HoopxError) -> StoredEvent {
        let found = try read { database -> [StoredEvent] in
            switch name {
            case .leaf(let leaf):
                try Row.fetchAll(database, sql: "SELECT * FROM event WHERE leaf = ?", arguments: [leaf])
                    .map(EventRow.event)
            case .event(let session, let sequence):
                // As sessions are looked up: by the name, or by its random part.
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT * FROM event
                        WHERE sequence = ?1 AND (substr(session, 1, ?3) = ?2 OR substr(session, 10, ?3) = ?2) LIMIT 2
                        """, arguments: [sequence, session, session.count]
                ).map(EventRow.event)
            }
        }
        guard let event = found.first else {
            throw HoopxError(
                .usage, doing: "looking up event \(name)", found: "there is none",
                hint: "hoopx sessions export SESSION shows the events of a session")
        }
        guard found.count == 1 else {
            throw HoopxError(
                .usage, doing: "looking up event \(name)", found: "more than one session has a name that begins so",
                hint: "hoopx sessions list shows the names")
        }
        return event
    }
}

import HoopxCore
import HoopxJSON
import HoopxTransparency

/// Reads the events of a log from the first to the last, and tells which is not what was logged.
///
/// Every payload is hashed anew. The tree is built of what was stored as its hash: so one payload that was changed is one
/// finding, and does not hide the next.
struct LeafVerifier {
    /// An event as the database has it.
    struct Row {
        let position: Int64
        let session: String
        let sequence: Int64
        let kind: String
        let time: Timestamp
        /// nil where it was deleted for its age.
        let payload: [UInt8]?
        let leafHash: [UInt8]
    }

    /// A key that signs, from an event on.
    struct KeyChange {
        let position: Int64
        let key: LogVerifier
    }

    /// The roots of the sizes that were asked for.
    private(set) var roots: [Int64: TreeHash] = [:]
    private(set) var frontier = TreeFrontier()
    private(set) var keyChanges: [KeyChange] = []
    private(set) var eventCount: Int64 = 0
    private(set) var prunedCount: Int64 = 0
    /// The first event that is missing: from there on there is no tree.
    private(set) var firstGap: Int64?
    /// Which sessions have lost payloads, and the first event of each that has.
    private(set) var prunedSessions: [String: Int64] = [:]
    /// Which sessions' loss events tell of.
    private(set) var toldSessions: Set<String> = []

    /// The newest end of a session, which a checkpoint must cover.
    private(set) var lastEnd: (position: Int64, session: String)?

    private let wantedRoots: Set<Int64>
    private var heldSessions: Set<String> = []
    private var lastSequence: [String: Int64] = [:]
    private var nextPosition: Int64 = 0
    private let node: (TreeNode, inout FindingLog) throws -> Void

    /// - Parameters:
    ///   - wantedRoots: the sizes whose roots are wanted.
    ///   - node: is called with each node that the database should have beside the leaves.
    init(wantedRoots: Set<Int64>, node: @escaping (TreeNode, inout FindingLog) throws -> Void) {
        self.wantedRoots = wantedRoots
        self.node = node
        if wantedRoots.contains(0) { roots[0] = .ofNothing }
    }

    /// - Returns: the event, where there is one that can be read.
    mutating func take(_ row: Row, _ findings: inout FindingLog) throws -> AuditEvent? {
        eventCount += 1
        checkOrder(row, &findings)
        let leaf = try checkHash(row, &findings)
        if firstGap == nil {
            for completed in frontier.append(leaf) { try node(completed, &findings) }
            if wantedRoots.contains(frontier.size) { roots[frontier.size] = frontier.root }
        }
        guard let payload = row.payload else {
            prunedCount += 1
            if prunedSessions[row.session] == nil { prunedSessions[row.session] = row.position }
            return nil
        }
        return checkPayload(payload, of: row, &findings)
    }

    private mutating func checkOrder(_ row: Row, _ findings: inout FindingLog) {
        if row.position != nextPosition {
            let missing = row.position &- nextPosition
            let subject = missing == 1 ? "leaf \(nextPosition)" : "leaves \(nextPosition) to \(row.position &- 1)"
            findings.add(.leaf, subject, missing == 1 ? "it is missing" : "they are missing")
            if firstGap == nil { firstGap = nextPosition }
        }
        // Hostile numbers may be the largest there are.
        nextPosition = row.position &+ 1
        let expected = (lastSequence[row.session] ?? 0) &+ 1
        if row.sequence != expected {
            findings.add(
                .leaf, "leaf \(row.position)",
                "it is event \(row.sequence) of session \(row.session), where event \(expected) was expected")
        }
        lastSequence[row.session] = row.sequence
    }

    /// The leaf's hash as it is stored, or as it is computed where nothing fit to be one is stored.
    private func checkHash(_ row: Row, _ findings: inout FindingLog) throws -> TreeHash {
        let computed = row.payload.map { TreeHash(leaf: $0) }
        guard let stored = TreeHash(bytes: row.leafHash) else {
            findings.add(.leaf, "leaf \(row.position)", "its hash is not 32 bytes")
            return computed ?? .ofNothing
        }
        if let computed, computed != stored {
            findings.add(.leaf, "leaf \(row.position)", "its payload is not what was logged: it has another hash")
        }
        return stored
    }

    private mutating func checkPayload(
        _ payload: [UInt8], of row: Row, _ findings: inout FindingLog
    ) -> AuditEvent? {
        let event: AuditEvent
        do throws(MalformedEvent) {
            event = try AuditEvent(payload: payload)
        } catch {
            findings.add(.leaf, "leaf \(row.position)", "its payload is no event: \(error)")
            return nil
        }
        let differing = [
            ("session", event.session.description == row.session), ("sequence", event.sequence == row.sequence),
            ("kind", event.kind.rawValue == row.kind), ("time", event.moment.time == row.time.recordable),
        ].filter { !$0.1 }.map(\.0)
        if !differing.isEmpty {
            findings.add(
                .leaf, "leaf \(row.position)",
                "its row has another \(differing.joined(separator: " and another ")) than its payload")
        }
        switch event.content {
        case .sessionEnd: lastEnd = (row.position, row.session)
        case .legalHold(let hold):
            let session = hold.session.description
            if hold.isHeld { heldSessions.insert(session) } else { heldSessions.remove(session) }
        case .retention(let retention):
            let sessions = Set(retention.sessions.map(\.description))
            for session in sessions.intersection(heldSessions).sorted() {
                findings.add(
                    .leaf, "leaf \(row.position)", "it deleted payloads of session \(session), which is on legal hold")
            }
            toldSessions.formUnion(sessions)
        case .logKey(let change): takeKey(change, at: row.position, &findings)
        default: break
        }
        return event
    }

    private mutating func takeKey(_ change: LogKeyRecord, at position: Int64, _ findings: inout FindingLog) {
        guard let key = try? LogVerifier(change.key) else {
            findings.add(.key, "leaf \(position)", "the key that it names is none")
            return
        }
        let known = keyChanges.last?.key.description
        if change.previous != known {
            findings.add(
                .key, "leaf \(position)",
                "it says that the key before it was \(change.previous ?? "none"), but it was \(known ?? "none")")
        }
        keyChanges.append(KeyChange(position: position, key: key))
    }

    /// What can be told only once all events are there.
    func finish(_ findings: inout FindingLog) {
        for (session, position) in prunedSessions.sorted(by: { $0.value < $1.value })
        where !toldSessions.contains(session) {
            findings.add(
                .leaf, "leaf \(position)",
                "its payload is gone, and no event says that those of session \(session) were deleted for their age")
        }
    }

    /// The key that a checkpoint of so many events must be signed with.
    func key(at size: Int64) -> LogVerifier? { keyChanges.last { $0.position < size }?.key }
}

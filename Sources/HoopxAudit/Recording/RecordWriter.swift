import HoopxCore

/// Makes events of what happened, and keeps them until they are written. Of the writer's thread alone.
struct RecordWriter {
    private let principal: EventPrincipal
    private let session: SessionID
    /// As it is recorded: masked.
    private var record: SessionRecord
    private var masking: RecordMasking
    private var denials = DenialLedger()
    private var countsInterval: RepetitionInterval?
    private var counts: ExecutionCounts?
    private var assemblies: [BodyKey: BodyAssembly] = [:]
    /// Bodies that are over and that no event has told of. They are stored with the event that does: there is none of which
    /// the log says nothing, whenever hoopx is killed.
    private var finished: [BodyKey: BodyEnd] = [:]
    /// Of the terminal that is recorded.
    var terminalSize: (columns: Int64, rows: Int64) = (0, 0)
    private var lastSequence: Int64 = 0
    /// What is to be written next: what could not be written, and what came since.
    private(set) var unwritten: EventBatch
    /// How many bytes of bodies are in it.
    private var unwrittenBytes = 0
    /// How many bytes of events.
    private var payloadSize = 0

    init(_ session: SessionRecord, mask: @escaping RecordMask) {
        self.session = session.id
        principal = EventPrincipal(session.principal)
        masking = RecordMasking(mask)
        record = masking.masked(session)
        unwritten = EventBatch(session: session.id)
        add(.sessionStart(record), at: .now())
    }

    /// Whether so much waits that more must not be taken.
    var isFull: Bool {
        unwritten.events.count >= PendingRecords.capacity || payloadSize >= PendingRecords.textCapacity
    }

    /// Takes what came of bodies.
    ///
    /// - Returns: those that are over.
    mutating func add(_ recordings: [BodyRecording]) -> [BodyKey] {
        var ended: [BodyKey] = []
        for recording in recordings {
            let (pieces, isOver, truncation) = recording.take()
            let key = recording.key
            var assembly = assemblies.removeValue(forKey: key) ?? BodyAssembly(key)
            for piece in pieces {
                assembly.append(piece)
                unwrittenBytes += piece.bytes.count
            }
            if isOver {
                var part = assembly.finish(truncation)
                finished[key] = part.end
                part.end = nil
                if !part.chunks.isEmpty { unwritten.bodies.append(part) }
                if key == .terminal { tellOfTerminal() }
                ended.append(key)
            } else {
                if let part = assembly.takePart() { unwritten.bodies.append(part) }
                assemblies[key] = assembly
            }
        }
        return ended
    }

    /// What an event is about to tell of a body: it is stored with it.
    private mutating func told(_ key: BodyKey) -> BodyEnd? {
        guard let end = finished.removeValue(forKey: key) else { return nil }
        // Beside its chunks, where they are written now too: a body that is whole can be compared with others.
        if let index = unwritten.bodies.lastIndex(where: { $0.key == key }) {
            unwritten.bodies[index].end = end
        } else {
            unwritten.bodies.append(BodyPart(key: key, end: end))
        }
        return end
    }

    private mutating func tellOfTerminal() {
        guard let terminal = told(.terminal) else { return }
        let record = TerminalRecord(
            columns: terminalSize.columns, rows: terminalSize.rows, duration: terminal.duration, body: terminal.body)
        add(.terminal(record), at: .now())
    }

    mutating func add(_ entry: PendingRecords.Entry) {
        switch entry.content {
        case .connection(let record): add(.connection(masking.masked(record)), at: entry.moment)
        case .request(let record):
            let bodies = RecordedBodies(request: told(record.bodyKey(.request))?.body)
            add(.request(masking.masked(record), bodies), at: entry.moment)
        case .response(let record):
            let bodies = RecordedBodies(
                request: told(record.bodyKey(.request))?.body, response: told(record.bodyKey(.response))?.body)
            add(.response(masking.outcome(of: record), bodies), at: entry.moment)
        case .lease(let record): add(.credential(masking.masked(record)), at: entry.moment)
        case .toolUse(let record): add(.toolUse(masking.masked(record)), at: entry.moment)
        case .masking(let record): add(.masked(record), at: entry.moment)
        case .decision(let denial, let request):
            add(.decision(DecisionRecord(masking.masked(denial), ofRequest: request)), at: entry.moment)
        case .error(let error): add(.error(masking.masked(ErrorRecord(error))), at: entry.moment)
        // Its size is known by now; its end makes the event.
        case .terminal: break
        case .facts(let facts):
            record.add(facts)
            add(.sessionStart(record), at: entry.moment)
        }
    }

    mutating func add(_ execution: ExecutionRecord, at moment: EventMoment) {
        add(.execution(masking.masked(execution)), at: moment)
    }

    mutating func add(_ counts: ExecutionCounts) { self.counts = counts }

    mutating func add(_ denials: [DenialRecord]) {
        for denial in denials { self.denials.add(denial, masked: masking.masked(denial.denial)) }
    }

    /// Whether something that repeats itself waits for its time.
    var hasUntold: Bool { counts != nil || denials.hasUntold }

    /// Makes events of what repeats itself, where their time has come.
    ///
    /// - Parameter all: regardless of that.
    mutating func addDue(all: Bool) {
        let now = EventMoment.now()
        for denial in denials.takeDue(at: now.time, all: all) { add(.egressDenied(denial), at: now) }
        guard let counts, all || countsInterval?.isDue(at: now.time) != false else { return }
        add(.executionCounts(counts), at: now)
        self.counts = nil
        if countsInterval == nil {
            countsInterval = RepetitionInterval(first: now.time)
        } else {
            countsInterval?.told(at: now.time)
        }
    }

    mutating func add(_ ending: SessionEnding, at moment: EventMoment) {
        add(.sessionEnd(SessionEndRecord(ending, at: moment.time)), at: moment)
    }

    /// The batch is written.
    ///
    /// - Returns: how many bytes of bodies were in it.
    mutating func written() -> Int { forget() }

    /// Gives up what could not be written, and says so in its place.
    ///
    /// - Returns: how many bytes of bodies were in it.
    mutating func abandon(because error: HoopxError) -> Int {
        lastSequence -= Int64(unwritten.events.count)
        let bytes = forget()
        let loss = ErrorRecord(doing: error.doing, found: "events were lost: " + error.found, hint: error.hint)
        add(.error(masking.masked(loss)), at: .now())
        return bytes
    }

    private mutating func forget() -> Int {
        unwritten = EventBatch(session: session)
        payloadSize = 0
        defer { unwrittenBytes = 0 }
        return unwrittenBytes
    }

    private mutating func add(_ content: AuditEvent.Content, at moment: EventMoment) {
        lastSequence += 1
        let event = AuditEvent(
            session: session, sequence: lastSequence, moment: moment, principal: principal, content: content)
        let logged = LoggedEvent(event)
        payloadSize += logged.payload.count
        unwritten.events.append(logged)
    }
}

extension RequestRecord {
    func bodyKey(_ direction: BodyDirection) -> BodyKey { BodyKey(request: number, direction: direction) }
}

extension SessionRecord {
    fileprivate mutating func add(_ facts: SessionFacts) {
        datagramTier = facts.datagramTier ?? datagramTier
        if let digest = facts.programDigest { program = Program(path: program.path, sha256: digest) }
    }
}

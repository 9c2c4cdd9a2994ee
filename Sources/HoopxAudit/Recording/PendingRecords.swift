import HoopxCore

/// What happened and waits to be made events of.
///
/// A connection or request that comes again under its number, before the first was written, takes its place: a connection
/// that is over within the grouping interval is one event. The end of a request is an event of its own in any case.
struct PendingRecords {
    /// More waiting records than this (some 20 MB, where their texts are short) mean that the store cannot keep up.
    static let capacity = 32_768
    /// And so do longer texts in them, in bytes.
    static let textCapacity = 32 << 20
    /// More waiting executions than this are not recorded: they are worth less than the rest, which must not fail for
    /// them.
    static let executionCapacity = 4_096

    static let overflow = HoopxError(
        .startup, doing: "recording the session", found: "the audit store does not keep up, records were lost",
        hint: "look for a slow or full disk under the audit database")

    struct Entry {
        let moment: EventMoment
        let content: Content
    }

    enum Content {
        case connection(ConnectionRecord)
        case request(RequestRecord)
        case response(RequestRecord)
        case lease(LeaseRecord)
        case toolUse(ToolUseRecord)
        case masking(MaskingRecord)
        case decision(Denial, request: Int64)
        case error(HoopxError)
        case terminal(columns: Int64, rows: Int64)
        case facts(SessionFacts)
    }

    /// When it was seen, and what makes its record.
    typealias Execution = (EventMoment, @Sendable () -> ExecutionRecord)

    /// What waited.
    struct Taken {
        /// In the order in which they came.
        var entries: [Entry] = []
        /// The earliest first.
        var denials: [DenialRecord] = []
        var executions: [Execution] = []
        /// Of the whole session; nil where they have not changed.
        var executionCounts: ExecutionCounts?
    }

    /// What takes the place of what.
    private enum Key: Hashable {
        case connection(Int64)
        case request(Int64)
    }

    private(set) var hasLostRecords = false
    /// nil where another has taken its place.
    private var entries: [Entry?] = []
    private var places: [Key: Int] = [:]
    /// Of the entries, in bytes.
    private var textSize = 0
    private var denials: [Denial: DenialRecord] = [:]
    private var executions: [Execution] = []
    private var executionCounts: ExecutionCounts?

    /// - Returns: false where there was no room for it.
    mutating func add(_ content: Content, at moment: EventMoment) -> Bool {
        let key: Key? =
            switch content {
            case .connection(let record): .connection(record.number)
            case .request(let record): .request(record.number)
            default: nil
            }
        if let key, let place = places[key] {
            textSize -= entries[place]?.content.textSize ?? 0
            entries[place] = nil
        }
        let size = content.textSize
        guard textSize + size <= Self.textCapacity, entries.count < Self.capacity || compact() else {
            hasLostRecords = true
            return false
        }
        textSize += size
        if let key { places[key] = entries.count }
        entries.append(Entry(moment: moment, content: content))
        return true
    }

    /// With the count of the whole session. `DenialCounts` bounds how many different ones there are.
    mutating func add(_ denial: DenialRecord) { denials[denial.denial] = denial }

    /// Whether an execution can wait to be written.
    var hasRoomForExecution: Bool { executions.count < Self.executionCapacity }

    /// - Parameters:
    ///   - execution: nil where it is only counted.
    ///   - counts: of the whole session, with it.
    mutating func add(_ execution: Execution?, counts: ExecutionCounts) {
        if let execution { executions.append(execution) }
        executionCounts = counts
    }

    /// Empties it.
    ///
    /// - Parameter executions: also of executions, whose records are to be made by the caller: that takes a while.
    mutating func take(executions takesExecutions: Bool) -> Taken {
        var taken = Taken(
            entries: entries.compactMap(\.self), denials: denials.values.sorted { $0.firstAt < $1.firstAt })
        entries.removeAll(keepingCapacity: true)
        textSize = 0
        places.removeAll(keepingCapacity: true)
        denials.removeAll(keepingCapacity: true)
        guard takesExecutions else { return taken }
        (taken.executions, taken.executionCounts) = (executions, executionCounts)
        (executions, executionCounts) = ([], nil)
        return taken
    }

    /// Makes room by forgetting the places that others have taken.
    ///
    /// - Returns: false where there is too little to gain by it.
    private mutating func compact() -> Bool {
        let left = entries.compactMap(\.self)
        guard left.count <= Self.capacity / 2 else { return false }
        entries = left
        places = [:]
        for (place, entry) in left.enumerated() {
            switch entry.content {
            case .connection(let record): places[.connection(record.number)] = place
            case .request(let record): places[.request(record.number)] = place
            default: break
            }
        }
        return true
    }
}

extension PendingRecords.Content {
    /// What its texts take, in bytes, where a model, a server or the target decides how long they are.
    fileprivate var textSize: Int {
        switch self {
        case .request(let record), .response(let record):
            record.path.description.utf8.count + record.method.utf8.count + (record.model?.utf8.count ?? 0)
                + (record.upstreamRequestID?.utf8.count ?? 0) + (record.stopReason?.utf8.count ?? 0)
        case .toolUse(let record): record.id.utf8.count + record.name.utf8.count + record.input.utf8.count
        case .decision(let denial, _): denial.subject.utf8.count + denial.hint.utf8.count
        case .error(let error): error.doing.utf8.count + error.found.utf8.count + (error.hint?.utf8.count ?? 0)
        case .connection, .lease, .masking, .terminal, .facts: 0
        }
    }
}

import HoopxTransparency

/// Compares checkpoints, of the database and of elsewhere, with the tree that the events make.
struct CheckpointVerifier {
    let origin: String
    let leaves: LeafVerifier
    /// The key of a log whose events name none.
    let fallbackKey: LogVerifier?

    /// What is wrong with a checkpoint.
    enum Problem {
        case other(String)
        /// It was signed for other events than the log has.
        case fork
        /// This leaf of those that it covers is missing.
        case gap(Int64)
    }

    /// - Returns: nil where it is in order.
    func problem(of signed: SignedCheckpoint) -> Problem? {
        let checkpoint = signed.checkpoint
        guard checkpoint.origin == origin else { return .other("it is of another log, \(checkpoint.origin)") }
        guard let key = leaves.key(at: checkpoint.size) ?? fallbackKey else {
            return .other("there is no key to verify it with")
        }
        switch key.verify(signed.note) {
        case .valid: break
        case .invalid: return .other("its signature is wrong")
        case .unsigned:
            // Where the log was cut, events that named newer keys are gone.
            guard checkpoint.size > leaves.frontier.size, let fallbackKey, fallbackKey.verify(signed.note) == .valid
            else { return .other("it is not signed with the log's key, \(key)") }
        }
        if let gap = leaves.firstGap, checkpoint.size > gap {
            return .gap(gap)
        }
        guard checkpoint.size <= leaves.frontier.size else {
            return .other(
                "it has \(checkpoint.size) events and the log has \(leaves.frontier.size):"
                    + " the log was cut, or an older copy was put in its place")
        }
        return leaves.roots[checkpoint.size] == checkpoint.root ? nil : .fork
    }

    /// Verifies checkpoints of the database.
    ///
    /// - Parameter checkpoints: in the order of their sizes.
    /// - Returns: the largest that is in order.
    func verify(_ checkpoints: [StoredCheckpoint], _ findings: inout FindingLog) -> SignedCheckpoint? {
        var newest: SignedCheckpoint?
        var forks: [Int64] = []
        var gaps: [Int64] = []
        for stored in checkpoints {
            let subject = "checkpoint of \(stored.size) events"
            if stored.size != stored.signed.checkpoint.size {
                findings.add(.checkpoint, subject, "it is one of \(stored.signed.checkpoint.size) events")
            }
            switch problem(of: stored.signed) {
            case nil: newest = stored.signed
            case .other(let found): findings.add(.checkpoint, subject, found)
            case .gap(let leaf):
                gaps.append(stored.size)
                if gaps.count == 1 { findings.add(.checkpoint, subject, Self.incomparable(leaf)) }
            case .fork:
                forks.append(stored.size)
                // Those that follow cover the same events.
                guard forks.count == 1 else { continue }
                let first = newest?.checkpoint.size ?? 0
                findings.add(
                    .checkpoint, subject,
                    "of the events \(first) to \(stored.size - 1), one or more are not those that it was signed for")
            }
        }
        Self.addRest(of: forks, "which cover the same events, do not fit either", &findings)
        Self.addRest(of: gaps, "which cover the same leaf, cannot be compared either", &findings)
        if let end = leaves.lastEnd, newest.map({ $0.checkpoint.size <= end.position }) ?? true {
            findings.add(
                .checkpoint, "leaf \(end.position)",
                "session \(end.session) ended with it, and no checkpoint that is in order covers it")
        }
        return newest
    }

    private static func incomparable(_ leaf: Int64) -> String {
        "it cannot be compared, because leaf \(leaf) is missing"
    }

    /// Tells of all but the first together: what is wrong with one is wrong with those that follow.
    private static func addRest(of sizes: [Int64], _ found: String, _ findings: inout FindingLog) {
        guard sizes.count > 1 else { return }
        findings.add(
            .checkpoint, "checkpoints of \(sizes[1]) to \(sizes[sizes.count - 1]) events",
            "\(sizes.count - 1) more, \(found)")
    }

    /// Verifies a checkpoint from outside of the database.
    func verify(_ outside: OutsideCheckpoint, _ findings: inout FindingLog) {
        let size = outside.signed.checkpoint.size
        switch problem(of: outside.signed) {
        case nil: break
        case .other(let found): findings.add(.anchor, outside.place, found)
        case .gap(let leaf): findings.add(.anchor, outside.place, Self.incomparable(leaf))
        case .fork:
            findings.add(
                .anchor, outside.place,
                "it was signed for other events than the log's first \(size): the log was changed, or is another one")
        }
    }
}

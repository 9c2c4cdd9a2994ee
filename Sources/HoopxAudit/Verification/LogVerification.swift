import GRDB
import HoopxCore
import HoopxTransparency

/// Verifies a record against its log, offline: every leaf, the tree, each checkpoint, what lies outside of the database,
/// the rows that are made from the events, and the bodies. It goes on behind what is wrong, to find the rest.
public struct LogVerification: Sendable {
    private let directory: String
    /// Keys that are known to be the log's. Where there are none, the one that hoopx signs with counts.
    public var keys: [LogVerifier] = []
    /// Files and directories with checkpoints that must be of this log.
    public var checkpointPaths: [String] = []
    /// Who vouches for the time-stamping authorities: a PEM file for each URL.
    public var timestampAuthorities: [String: String] = [:]
    /// A PEM file for those of other URLs.
    public var standardTimestampAuthorities: String?
    public var witnessKeys: [LogVerifier] = []
    /// Files and directories where checkpoints are published by the configuration, beside those that the database names.
    public var anchorPaths: [String] = []

    /// - Parameter directory: the state directory.
    public init(directory: String) { self.directory = directory }

    /// - Returns: nil where nothing was ever recorded.
    /// - Throws: where the database cannot be read at all; a usage error where `checkpointPaths` or
    ///   `standardTimestampAuthorities` name what has nothing to verify with.
    public func run() throws(HoopxError) -> VerificationReport? {
        guard try SQLiteAuditStore.existing(directory: directory) != nil else { return nil }
        let given = try checkpointPaths.map { path throws(HoopxError) in
            (path: path, checkpoints: try OutsideCheckpoints(given: path))
        }
        if let path = standardTimestampAuthorities { try Self.requireCertificates(in: path) }
        return try VerificationDatabase(directory: directory).read { database in try verify(database, given) }
    }

    private static func requireCertificates(in path: String) throws(HoopxError) {
        let text = (try? OutsideFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard !text.contains("-----BEGIN CERTIFICATE-----") else { return }
        throw HoopxError(
            .usage, doing: "reading \(path)", found: "it has no certificates that can be read",
            hint: "--tsa-ca takes a PEM file: who vouches for the authority publishes it")
    }

    private typealias Given = (path: String, checkpoints: OutsideCheckpoints)

    private func verify(_ database: Database, _ given: [Given]) throws -> VerificationReport {
        var findings = FindingLog()
        let log = try StoredLog(database, &findings)
        var report = VerificationReport()
        report.origin = log.origin
        let outside = outsideCheckpoints(given, log, &findings)
        let remembered = rememberedCheckpoints(log, &findings)
        let all = log.checkpoints.map(\.signed) + (outside + remembered).map(\.signed)

        var projection = ProjectionVerifier(database)
        var bodies = try BodyVerifier(database)
        var leaves = LeafVerifier(
            wantedRoots: Set(all.map(\.checkpoint.size)), node: { try log.compare($0, database, &$1) })
        let rows = try StoredLog.rows(database)
        while let row = try rows.next() {
            guard let event = try leaves.take(row, &findings) else { continue }
            projection.apply(event, at: row.position, &findings)
            try bodies.take(event, at: row.position)
        }
        leaves.finish(&findings)
        log.compare(with: leaves, &findings)

        report.key = signingKey(log, leaves, &findings)
        let verifier = CheckpointVerifier(origin: log.origin, leaves: leaves, fallbackKey: report.key)
        report.newest = verifier.verify(log.checkpoints, &findings)
        for checkpoint in outside + remembered { verifier.verify(checkpoint, &findings) }
        var evidence = AnchorVerifier(
            timestampAuthorities: timestampAuthorities, standardAuthorities: standardTimestampAuthorities,
            witnessKeys: witnessKeys)
        evidence.verify(log.anchors, checkpoints: log.checkpoints, &findings)
        report.rowCount = try projection.compare(&findings)
        report.unvouchedSessionCount = Int64(projection.unvouched.count)
        report.bodyCount = try bodies.verify(pruned: leaves.toldSessions, &findings)

        report.eventCount = leaves.eventCount
        report.prunedCount = leaves.prunedCount
        report.uncoveredCount = leaves.eventCount - (log.checkpoints.last?.signed.checkpoint.size ?? 0)
        report.checkpointCount = Int64(log.checkpoints.count)
        report.outsideCount = Int64(outside.count)
        report.rememberedSize = remembered.last?.signed.checkpoint.size
        report.timestampCount = evidence.timestampCount
        report.cosignatureCount = evidence.cosignatureCount
        report.findings = findings.findings
        report.furtherFindingCount = findings.furtherCount
        return report
    }

    /// The key that the log's newest events are signed with, where it is one that is known.
    private func signingKey(
        _ log: StoredLog, _ leaves: LeafVerifier, _ findings: inout FindingLog
    ) -> LogVerifier? {
        var known = keys
        if known.isEmpty {
            do throws(HoopxError) {
                known = try LogKeyFile(directory: directory, origin: log.origin).find().map { [$0.verifier] } ?? []
            } catch {
                findings.add(.key, "the log's key", error.found)
            }
        }
        guard !known.isEmpty else {
            findings.add(
                .key, "the log's key", "it is not here, so that no signature can be verified: give it with --key")
            return nil
        }
        // Given keys are all that count. Without, the log's own word for its older keys is taken: the newest vouches.
        let used = keys.isEmpty ? leaves.keyChanges.suffix(1) : leaves.keyChanges[...]
        for change in used where !known.contains(change.key) {
            findings.add(
                .key, "leaf \(change.position)",
                "from here on the log is signed with \(change.key), which is not a key that is known to be its own")
        }
        return known.last
    }

    private func outsideCheckpoints(
        _ given: [Given], _ log: StoredLog, _ findings: inout FindingLog
    ) -> [OutsideCheckpoint] {
        let published = Set(
            anchorPaths + log.anchors.filter { $0.kind == .file || $0.kind == .directory }.map(\.place))
        let named = given.flatMap { Self.compare($0.checkpoints, of: $0.path, mustBeOfThisLog: true, log, &findings) }
        return named
            + published.sorted().flatMap { Self.checkpoints(in: $0, mustBeOfThisLog: false, log, &findings) }
    }

    /// Of the last verification.
    private func rememberedCheckpoints(_ log: StoredLog, _ findings: inout FindingLog) -> [OutsideCheckpoint] {
        let path = RememberedCheckpoint(directory: directory).path
        return OutsideFile.exists(path) ? Self.checkpoints(in: path, mustBeOfThisLog: true, log, &findings) : []
    }

    private static func checkpoints(
        in path: String, mustBeOfThisLog: Bool, _ log: StoredLog, _ findings: inout FindingLog
    ) -> [OutsideCheckpoint] {
        do throws(HoopxError) {
            return compare(
                try OutsideCheckpoints(path: path), of: path, mustBeOfThisLog: mustBeOfThisLog, log, &findings)
        } catch {
            findings.add(.anchor, path, error.found)
            return []
        }
    }

    private static func compare(
        _ read: OutsideCheckpoints, of path: String, mustBeOfThisLog: Bool, _ log: StoredLog,
        _ findings: inout FindingLog
    ) -> [OutsideCheckpoint] {
        for (place, problem) in read.malformed { findings.add(.anchor, place, problem) }
        // Other logs may be published at the same place.
        let mine = read.checkpoints.filter { mustBeOfThisLog || $0.signed.checkpoint.origin == log.origin }
        let sizes = Set(mine.map(\.signed.checkpoint.size))
        for anchor in log.anchors where anchor.place == path && !sizes.contains(anchor.size) {
            findings.add(.anchor, path, "the checkpoint of \(anchor.size) events was published there and is gone")
        }
        return mine
    }
}

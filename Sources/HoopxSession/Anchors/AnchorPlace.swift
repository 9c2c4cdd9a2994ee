import Dispatch
import HoopxAudit
import HoopxCore
import HoopxTransparency

/// A place where checkpoints are published.
protocol AnchorPlace: Sendable {
    /// A path, or a URL.
    var name: String { get }

    /// Publishes a checkpoint.
    ///
    /// - Returns: what to remember of it.
    func publish(_ signed: SignedCheckpoint) async throws(HoopxError) -> AnchorRecord
}

/// How long a place on the network has for an answer.
private let networkLimit = Duration.seconds(10)

struct FileAnchorPlace: AnchorPlace {
    let file: AnchorFile
    var name: String { file.path }
    private let queue = DispatchQueue(label: "hoopx.anchor.file")

    func publish(_ signed: SignedCheckpoint) async throws(HoopxError) -> AnchorRecord {
        try await queue.run { () throws(HoopxError) in try file.append(signed.note) }
        return AnchorRecord(size: signed.checkpoint.size, kind: .file, place: file.path, time: .now())
    }
}

struct DirectoryAnchorPlace: AnchorPlace {
    let directory: AnchorDirectory
    var name: String { directory.path }
    private let queue = DispatchQueue(label: "hoopx.anchor.directory")

    func publish(_ signed: SignedCheckpoint) async throws(HoopxError) -> AnchorRecord {
        try await queue.run { () throws(HoopxError) in try directory.put(signed) }
        return AnchorRecord(size: signed.checkpoint.size, kind: .directory, place: directory.path, time: .now())
    }
}

struct TimestampAnchorPlace: AnchorPlace {
    let client: TimestampClient
    var name: String { client.url }

    func publish(_ signed: SignedCheckpoint) async throws(HoopxError) -> AnchorRecord {
        let response = try await client.stamp(signed.note, within: networkLimit)
        return AnchorRecord(
            size: signed.checkpoint.size, kind: .timestamp, place: client.url, time: .now(), evidence: response.der)
    }
}

struct WitnessAnchorPlace: AnchorPlace {
    let client: WitnessClient
    var name: String { client.url }
    let log: SQLiteAuditStore

    func publish(_ signed: SignedCheckpoint) async throws(HoopxError) -> AnchorRecord {
        let known = try log.lastAnchored(.witness, at: client.url) ?? 0
        let signatures = try await client.cosign(
            signed, knownSize: min(known, signed.checkpoint.size), within: networkLimit
        ) { (size) throws(HoopxError) in try log.consistencyProof(from: size, to: signed.checkpoint.size) }
        let lines = signatures.map { $0.line + "\n" }.joined()
        return AnchorRecord(
            size: signed.checkpoint.size, kind: .witness, place: client.url, time: .now(), evidence: Array(lines.utf8))
    }
}

extension DispatchQueue {
    /// Does what may block on a thread that nothing else waits for: a file system can hang.
    fileprivate func run(_ body: @escaping @Sendable () throws(HoopxError) -> Void) async throws(HoopxError) {
        let result = await withCheckedContinuation { continuation in
            async { continuation.resume(returning: Result { () throws(HoopxError) in try body() }) }
        }
        try result.get()
    }
}

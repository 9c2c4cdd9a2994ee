import Dispatch
import HoopxAudit
import HoopxConfiguration
import HoopxCore
import HoopxOutbound
import HoopxTransparency
import Synchronization

/// Publishes the log's newest checkpoint at every configured place, now and then while a session runs and at its end.
final class CheckpointPublisher: Sendable {
    /// How often it looks for a new checkpoint.
    private static let interval = DispatchTimeInterval.seconds(10)
    /// How long the end of a run waits for all places together.
    private static let patience = Duration.seconds(10)

    let places: [Anchoring]
    private let log: SQLiteAuditStore
    private let queue = DispatchQueue(label: "hoopx.checkpoints")
    /// When the end of the run no longer waits; nil while it runs.
    private let deadline = Mutex<ContinuousClock.Instant?>(nil)
    private let lastSize = Mutex<Int64>(0)

    /// - Parameter principal: whom the session acts for, for the event of a place that fails.
    init(
        _ anchors: [AuditConfiguration.Anchor], log: SQLiteAuditStore, control: ControlClient, principal: Principal
    ) {
        self.log = log
        places = anchors.map { anchor in
            Anchoring(
                at: Self.place(anchor, log, control),
                remember: { (record) throws(HoopxError) in try log.record(record) },
                // Where not even that can be recorded, the end of the run tells it.
                onFailure: { try? log.record(ErrorRecord($0), for: principal) })
        }
        if !places.isEmpty { watch() }
    }

    /// Publishes what is not published yet at all places, and waits for one of them.
    ///
    /// - Throws: where it has not taken the last checkpoint.
    func finish(_ place: Anchoring) throws(HoopxError) {
        let (isFirst, end) = deadline.withLock { deadline in
            defer { deadline = deadline ?? ContinuousClock.now + Self.patience }
            return (deadline == nil, deadline ?? ContinuousClock.now + Self.patience)
        }
        if isFirst {
            if let newest = try log.signCheckpoint() { publish(newest) }
        }
        try place.finish(within: max(.milliseconds(10), end - .now))
    }

    private func watch() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, deadline.withLock({ $0 == nil }) else { return }
            // What cannot be read now is tried again.
            if let newest = try? log.newestCheckpoint() { publish(newest) }
            watch()
        }
    }

    private func publish(_ newest: SignedCheckpoint) {
        let isNew = lastSize.withLock { last in
            defer { last = max(last, newest.checkpoint.size) }
            return newest.checkpoint.size > last
        }
        if isNew { for place in places { place.publish(newest) } }
    }

    private static func place(
        _ anchor: AuditConfiguration.Anchor, _ log: SQLiteAuditStore, _ control: ControlClient
    ) -> any AnchorPlace {
        switch anchor {
        case .file(let path): FileAnchorPlace(file: AnchorFile(path: path))
        case .directory(let path): DirectoryAnchorPlace(directory: AnchorDirectory(path: path))
        case .timestampAuthority(let url, let authorities):
            TimestampAnchorPlace(client: TimestampClient(url: url, authorities: authorities, control: control))
        case .witness(let url, let key):
            WitnessAnchorPlace(client: WitnessClient(url: url, key: key, control: control), log: log)
        }
    }
}

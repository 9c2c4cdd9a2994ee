import Synchronization

/// The bodies that have something for the writer, and how much of all of them waits for it.
final class BodyInbox: Sendable {
    /// In bytes. What comes while so much waits is not recorded.
    static let capacity = 64 << 20
    /// When so much waits, the writer does not wait for more, in bytes.
    private static let urgency = 2 << 20

    private let recordings = Mutex<[BodyRecording]>([])
    private let waiting = Atomic(0)

    /// Reserves room for bytes that are going to wait.
    ///
    /// - Returns: nil where there is none; else whether the writer is to begin at once.
    func reserve(_ count: Int) -> Bool? {
        let now = waiting.add(count, ordering: .relaxed).newValue
        guard now <= Self.capacity else {
            waiting.subtract(count, ordering: .relaxed)
            return nil
        }
        return now >= Self.urgency && now - count < Self.urgency
    }

    /// What waited has been written, or was dropped.
    func release(_ count: Int) { waiting.subtract(count, ordering: .relaxed) }

    func add(_ recording: BodyRecording) { recordings.withLock { $0.append(recording) } }

    /// Takes out the bodies of these requests; of all where it is nil.
    func take(_ requests: Set<Int64>?) -> [BodyRecording] {
        recordings.withLock { recordings in
            guard let requests else {
                defer { recordings = [] }
                return recordings
            }
            let taken = recordings.filter { requests.contains($0.key.request) }
            if !taken.isEmpty { recordings.removeAll { requests.contains($0.key.request) } }
            return taken
        }
    }
}

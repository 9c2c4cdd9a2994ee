import HoopxAudit
import HoopxCore
import HoopxPolicy
import NIOCore

/// What every connection of one event loop works with.
struct ProxyServices: Sendable {
    let policy: EgressPolicy
    let connections: [String: NamedConnection]
    let session: SessionCredential
    let authority: RunCertificateAuthority
    let recorder: Recorder
    let connector: UpstreamConnector
    let pool: NIOLoopBoundBox<UpstreamPool>
    let bodyMemory: BodyMemory
    let deadlines: Deadlines
    let onDenial: @Sendable (Denial) -> Void

    /// Tells the record and the user of a denial, unless the run is over: what its shutdown breaks off was not denied.
    func deny(_ denial: Denial) {
        guard !connector.door.isClosed else { return }
        recorder.record(denial)
        onDenial(denial)
    }
}

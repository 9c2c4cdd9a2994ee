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
    let content: ContentHandling
    let deadlines: Deadlines
    let onDenial: @Sendable (Denial) -> Void

    /// Tells the record and the user of a denial, unless the run is over: what its shutdown breaks off was not denied.
    ///
    /// - Parameter request: the number of the request's record, where it is one that was denied.
    func deny(_ denial: Denial, request: Int64? = nil) {
        guard !connector.door.isClosed else { return }
        if let request { recorder.record(denial, ofRequest: request) } else { recorder.record(denial) }
        onDenial(denial)
    }
}

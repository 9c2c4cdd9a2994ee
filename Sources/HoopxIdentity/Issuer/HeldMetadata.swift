import HoopxCore
import HoopxOutbound
import Synchronization

/// An issuer's metadata, fetched when it is first needed and kept.
final class HeldMetadata: Sendable {
    private let connection: IssuerConnection
    private let discovery: ControlURL
    private let now: @Sendable () -> Timestamp
    private let known: Mutex<Fetched<IssuerMetadata>?>
    private let question = SharedQuestion<IssuerMetadata>()

    init(
        _ connection: IssuerConnection, at discovery: ControlURL, known: Fetched<IssuerMetadata>?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.connection = connection
        self.discovery = discovery
        self.known = Mutex(known)
        self.now = now
    }

    /// What there is without asking.
    var fetched: Fetched<IssuerMetadata>? { known.withLock { $0 } }

    func current() async throws(IssuerFailure) -> IssuerMetadata {
        if let fetched { return fetched.value }
        return try await question.answer { () async throws(IssuerFailure) in
            if let fetched = self.fetched { return fetched.value }
            let document = try await self.connection.fetch(.discovery, at: self.discovery)
            let metadata: IssuerMetadata
            do throws(DocumentFault) {
                metadata = try IssuerMetadata(document.content, configured: self.connection.url)
            } catch {
                throw self.connection.failure(.discovery, error)
            }
            let fetched = Fetched(value: metadata, at: self.now(), lifetime: KeyLifetime.bounds.upperBound)
            self.known.withLock { $0 = fetched }
            return metadata
        }
    }
}

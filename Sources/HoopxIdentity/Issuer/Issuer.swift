import HoopxCore
import HoopxJSON
import HoopxOutbound

/// An identity provider, as far as hoopx must know it: its metadata and its keys.
///
/// Nothing is fetched before it is needed.
public final class Issuer: Sendable {
    /// In bytes.
    static let maximumURLLength = 1_024

    /// As configured, and as tokens must name it (`iss`).
    public let url: String
    private let held: HeldMetadata
    private let keys: HeldKeys

    /// - Parameters:
    ///   - url: https, or http on this machine; without query and fragment.
    ///   - caPath: a PEM file with the only authorities that may vouch for it; nil for those of the system.
    ///   - snapshot: what `snapshot()` gave an earlier run. One that is corrupt, too old, or another issuer's is ignored.
    ///   - now: decides how long keys serve.
    ///   - deadline: for each document that is fetched.
    /// - Throws: a usage error where the URL is none of these.
    public init(
        _ url: String, caPath: String?, client: ControlClient, snapshot: [UInt8]? = nil,
        now: @escaping @Sendable () -> Timestamp = Timestamp.now, deadline: Duration = .seconds(10)
    ) throws(HoopxError) {
        self.url = url
        let discovery = try Self.discoveryURL(of: url)
        let connection = IssuerConnection(url: url, caPath: caPath, client: client, deadline: deadline)
        let known = snapshot.flatMap { IssuerSnapshot($0, of: url) }
        let moment = now()
        let held = HeldMetadata(
            connection, at: discovery, known: known?.metadata.unlessTooOld(moment), now: now)
        self.held = held
        keys = HeldKeys(known: known?.keys.unlessTooOld(moment), now: now) { () async throws(IssuerFailure) in
            let document = try await connection.fetch(.keys, at: try await held.current().jwksURI)
            do throws(DocumentFault) {
                return Fetched(
                    value: try KeySet(document.content), at: now(),
                    lifetime: KeyLifetime.seconds(cacheControl: document.cacheControl))
            } catch {
                throw connection.failure(.keys, error)
            }
        }
    }

    /// The metadata, fetched at the first call and kept. Callers at one time share one fetch.
    public func metadata() async throws(HoopxError) -> IssuerMetadata {
        do {
            return try await held.current()
        } catch {
            throw error.error
        }
    }

    /// Metadata and keys for a later run's `init`, in JSON; nil while there are none.
    ///
    /// Whoever can change it chooses the keys that tokens are verified with: keep it where only hoopx can write.
    public func snapshot() -> [UInt8]? {
        guard let metadata = held.fetched, let keys = keys.fetched else { return nil }
        return IssuerSnapshot(metadata: metadata, keys: keys).bytes
    }

    /// The key that a token's header means. Where the set has none, it is fetched anew, once.
    func key(for header: TokenHeader) async throws -> IssuerKey { try await keys.key(for: header) }

    /// Where the discovery document is (OpenID Connect Discovery 1.0, 4.1).
    private static func discoveryURL(of url: String) throws(HoopxError) -> ControlURL {
        let doing = "using the issuer \(ForeignText(url))"
        var base = url[...]
        while base.hasSuffix("/") { base.removeLast() }
        guard url.utf8.count <= maximumURLLength, !url.utf8.contains(UInt8(ascii: "?")), ControlURL(url) != nil,
            let discovery = ControlURL(base + "/.well-known/openid-configuration")
        else {
            throw HoopxError(
                .usage, doing: doing, found: "expected an https URL without user, query and fragment",
                hint: "set the issuer to the URL that the identity provider names in its tokens (iss)")
        }
        guard discovery.isConfidential else {
            throw HoopxError(
                .usage, doing: doing,
                found: "expected https, found plain http, where anybody on the way could put in keys of their own",
                hint: "use https; plain http is for an issuer on this machine only")
        }
        return discovery
    }
}

import HoopxConfiguration
import HoopxCore
import HoopxCredentials
import HoopxIdentity
import HoopxProxy

/// What a session holds for its connections, and gives back at its end: the leases of their credentials, and the
/// identity that some of them are got with.
final class SessionLeases {
    private let audit: LeaseAudit
    private let keeper: IdentityKeeper?
    private var holders: [LeaseHolder] = []

    /// - Parameter keeper: of the session's identity; nil where nobody vouches for the principal.
    init(audit: LeaseAudit, keeper: IdentityKeeper?) {
        self.audit = audit
        self.keeper = keeper
    }

    /// The credential of a connection, as the proxy uses it.
    func credential(
        of connection: ConnectionConfiguration, by assembly: CredentialAssembly
    ) throws(HoopxError) -> ConnectionCredential {
        guard let configured = connection.credential else { return .none }
        guard let source = try assembly.source(of: configured, connection: connection.name) else { return .client }
        let holder = LeaseHolder(source, onEvent: audit.observer(of: connection.name))
        holders.append(holder)
        return .held(holder)
    }

    /// Revokes the leases at their sources, all at once and within seconds, and lets go of the identity.
    ///
    /// The leases first: their sources may want the identity for it.
    func end() throws(HoopxError) {
        audit.sessionEnds()
        let (holders, keeper) = (holders, keeper)
        try ForegroundWork.run { () async throws(HoopxError) in
            await withTaskGroup { group in
                for holder in holders { group.addTask { await holder.revoke() } }
            }
            await keeper?.stop()
        }
    }
}

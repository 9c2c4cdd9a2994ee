/// Why something was denied: stable words that logs, tests and rules may rely on. Prose belongs elsewhere.
public enum ReasonCode: String, Sendable, CaseIterable {
    /// No connection and no `egress.tunnel` entry names the destination.
    case destinationNotAllowed = "destination_not_allowed"
    /// A name was looked up that no connection and no `egress.tunnel` entry names.
    case nameNotAllowed = "name_not_allowed"
    /// A loopback port that no process of the run listens on.
    case loopbackNotAllowed = "loopback_not_allowed"
    /// A Unix socket that no process of the run bound.
    case unixSocketNotAllowed = "unix_socket_not_allowed"
    /// A mount, which the file rules forbid.
    case mountNotAllowed = "mount_not_allowed"
    /// A namespace, which is no use to a target that is root and has file rules.
    case namespaceNotAllowed = "namespace_not_allowed"
    /// A connection that is entered by its base URL was reached past it.
    case baseURLRequired = "base_url_required"
    /// The request holds a credential other than the run's placeholder.
    case foreignCredential = "foreign_credential"
    /// A request that changes something came without the run's placeholder.
    case credentialMissing = "credential_missing"
    /// hoopx could not get the connection's real credential.
    case credentialUnavailable = "credential_unavailable"
    /// The session has lasted as long as `session.max_duration` allows.
    case sessionExpired = "session_expired"
    /// The session sent no request for longer than `session.idle_timeout`.
    case sessionIdle = "session_idle"
    /// The session's credential was used after the command had ended.
    case sessionRevoked = "session_revoked"
    /// The identity provider no longer vouches for the session's principal.
    case identityEnded = "identity_ended"
    /// The Host header or the TLS server name is not the name that was resolved.
    case nameMismatch = "name_mismatch"
    /// The first bytes of a tunnel are neither a TLS ClientHello with a server name nor an HTTP request with a Host.
    case nameUnverifiable = "name_unverifiable"
    /// The request cannot be read in only one way (RFC 9112, 11.2), or breaks HTTP/1.1.
    case malformedRequest = "malformed_request"
    /// The body of a request that hoopx must sign is larger than it holds.
    case bodyTooLarge = "body_too_large"
    /// A body that the client signs piece by piece (aws-chunked), which hoopx cannot sign in its place.
    case signedStreamRefused = "signed_stream_refused"
    /// The requests that wait for their signature take up all the memory there is for them.
    case proxyBusy = "proxy_busy"
    /// An upgrade (WebSocket) was asked for, which hoopx cannot record or mask.
    case upgradeRefused = "upgrade_refused"
    /// The connection's upstream could not be reached, or its certificate does not verify.
    case upstreamUnreachable = "upstream_unreachable"
    /// The upstream broke off, or answered what is not HTTP/1.1.
    case upstreamFailed = "upstream_failed"
    /// An allowed name resolved to an address that names this machine or its link (loopback, link-local).
    case addressNotAllowed = "address_not_allowed"
    /// A body was to be masked on its way, and its content cannot be read.
    case contentUnreadable = "content_unreadable"
    /// The audit store does not take records, so nothing may pass.
    case auditUnavailable = "audit_unavailable"
}

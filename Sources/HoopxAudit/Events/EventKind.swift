/// What an event tells of.
public enum EventKind: String, Sendable, CaseIterable {
    /// A session began; again, when more became known of it.
    case sessionStart = "session_start"
    case sessionEnd = "session_end"
    /// A connection opened; again, with its end.
    case connection
    /// Something that was on its way out was denied, once for each kind of it; again, with the new count.
    case egressDenied = "egress_denied"
    /// A request is about to go to the upstream, or was denied.
    case request
    /// A request is over.
    case response
    /// A model asked for a tool.
    case toolUse = "tool_use"
    /// A request was denied, and why.
    case decision
    /// How much was masked in one place.
    case masked
    case credentialIssued = "credential_issued"
    case credentialRefreshed = "credential_refreshed"
    /// A credential is not used any more; its data says why.
    case credentialRevoked = "credential_revoked"
    /// A program was executed, or how many were.
    case execution = "exec"
    /// What the command wrote to its terminal is recorded.
    case terminal
    /// hoopx itself failed at something.
    case error
    /// Payloads were deleted for their age.
    case retention
    /// A session's payloads are kept whatever their age, or not any more.
    case legalHold = "legal_hold"
    /// The log is signed with another key from here on.
    case logKey = "log_key"

    /// Whether retention spares its payload: without it nobody could tell that what is missing was deleted for its age,
    /// or which key has signed what.
    var isKept: Bool {
        switch self {
        case .retention, .legalHold, .logKey: true
        default: false
        }
    }
}

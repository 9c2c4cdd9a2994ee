import Glibc
import HoopxCore

/// Puts all texts of records through the mask before they are written.
///
/// What hoopx makes itself (names of sessions, digests, reason codes) and what the configuration names (connections,
/// rules) is not the target's to choose and stays, and so does the principal: whom a session acts for is what the record
/// is there to tell.
struct RecordMasking {
    private let mask: RecordMask
    /// Short texts come again and again: paths, models, methods.
    private var known: [String: String] = [:]
    private static let knownCapacity = 512
    private static let knownLength = 256

    init(_ mask: @escaping RecordMask) { self.mask = mask }

    mutating func text(_ text: String) -> String {
        guard text.utf8.count <= Self.knownLength else { return mask(text) }
        if let masked = known[text] { return masked }
        if known.count >= Self.knownCapacity { known.removeAll(keepingCapacity: true) }
        let masked = mask(text)
        known[text] = masked
        return masked
    }

    mutating func text(_ text: String?) -> String? {
        guard let text else { return nil }
        return self.text(text) as String
    }

    mutating func arguments(_ arguments: RecordedArguments) -> RecordedArguments {
        RecordedArguments(stored: arguments.words.map { text($0) })
    }

    mutating func masked(_ session: SessionRecord) -> SessionRecord {
        let principal = session.principal
        let verification = principal.verification.map { verification in
            Principal.Verification(
                method: verification.method, algorithm: verification.algorithm, keyID: verification.keyID,
                issuedAt: verification.issuedAt.recordable, expiresAt: verification.expiresAt.recordable)
        }
        return SessionRecord(
            id: session.id,
            principal: Principal(
                kind: principal.kind, name: principal.name, subject: principal.subject, issuer: principal.issuer,
                email: principal.email, groups: principal.groups, claims: principal.claims, verification: verification),
            arguments: arguments(session.arguments), workingDirectory: text(session.workingDirectory),
            program: SessionRecord.Program(path: text(session.program.path), sha256: session.program.sha256),
            supervisor: session.supervisor, startedAt: session.startedAt,
            weakenings: session.weakenings.map { text($0) }, datagramTier: session.datagramTier)
    }

    mutating func masked(_ connection: ConnectionRecord) -> ConnectionRecord {
        ConnectionRecord(
            number: connection.number, destination: masked(connection.destination), pid: connection.pid,
            command: text(connection.command), openedAt: connection.openedAt, verdict: connection.verdict,
            bytesSent: connection.bytesSent, bytesReceived: connection.bytesReceived, duration: connection.duration,
            count: connection.count)
    }

    private mutating func masked(_ endpoint: ConnectionRecord.Endpoint) -> ConnectionRecord.Endpoint {
        switch endpoint {
        case .host(let destination): .host(masked(destination))
        case .unixSocket(let path): .unixSocket(path: text(path))
        }
    }

    /// A name keeps the shape of one. An address is the fact that the kernel connected there, no text.
    private mutating func masked(_ destination: Destination) -> Destination {
        guard case .name(let name) = destination.host else { return destination }
        let plain = name.description
        let masked = text(plain)
        guard masked != plain else { return destination }
        // `[CREDIT_CARD].example.com` becomes `credit_card.example.com`.
        let letters = masked.unicodeScalars.map {
            $0.isASCII && isalnum(Int32($0.value)) != 0 || "._".unicodeScalars.contains($0) ? Character($0) : "-"
        }
        let labels = String(letters).split(separator: ".").map { $0.split(separator: "-").joined(separator: "-") }
        let host = Destination.Host(labels.filter { !$0.isEmpty }.joined(separator: "."))
        guard case .name? = host, let host else { return Destination(host: Self.maskedHost, port: destination.port) }
        return Destination(host: host, port: destination.port)
    }

    /// Where nothing is left of a name; it never resolves (RFC 6761, 6.4).
    private static let maskedHost: Destination.Host = {
        guard let host = Destination.Host("masked.invalid") else { preconditionFailure("masked.invalid is a name") }
        return host
    }()

    mutating func masked(_ request: RequestRecord) -> RequestRecord {
        var masked = RequestRecord(
            number: request.number, connectionNumber: request.connectionNumber,
            connectionName: request.connectionName, method: text(request.method),
            path: RecordedPath(stored: text(request.path.description)), startedAt: request.startedAt,
            credential: request.credential)
        masked.outcome = outcome(of: request)
        return masked
    }

    mutating func outcome(of request: RequestRecord) -> RequestOutcome {
        var outcome = request.outcome
        outcome.operation = text(outcome.operation)
        outcome.model = text(outcome.model)
        outcome.upstreamRequestID = text(outcome.upstreamRequestID)
        outcome.stopReason = text(outcome.stopReason)
        return outcome
    }

    mutating func masked(_ lease: LeaseRecord) -> LeaseRecord {
        LeaseRecord(
            number: lease.number, id: lease.id, connectionName: lease.connectionName, source: text(lease.source),
            issuedAt: lease.issuedAt.recordable, expiresAt: lease.expiresAt?.recordable,
            renewalCount: lease.renewalCount, endedAt: lease.endedAt?.recordable, ending: lease.ending)
    }

    mutating func masked(_ denial: Denial) -> Denial {
        Denial(
            code: denial.code, layer: denial.layer, rule: denial.rule, subject: deniedText(denial.subject),
            hint: deniedText(denial.hint))
    }

    /// A text of a denial. Network addresses stay, as they do in connections: where the command wanted to go is what the
    /// denial is there to tell.
    private mutating func deniedText(_ text: String) -> String {
        var parts: [String] = []
        var words: ArraySlice = text.split(separator: " ", omittingEmptySubsequences: false)[...]
        while !words.isEmpty {
            let others = words.prefix { !Self.isAddress($0) }
            if !others.isEmpty { parts.append(self.text(others.joined(separator: " "))) }
            words = words.dropFirst(others.count)
            parts += words.prefix(1).map(String.init)
            words = words.dropFirst()
        }
        return parts.joined(separator: " ")
    }

    /// Whether a word is an address, with its port or without, in quotes or not.
    private static func isAddress(_ word: Substring) -> Bool {
        let quoted = word.drop { $0 == "\"" }.prefix { $0 != "\"" }
        guard let host = Destination(authority: String(quoted), defaultPort: 1)?.host else { return false }
        if case .address = host { return true }
        return false
    }

    mutating func masked(_ execution: ExecutionRecord) -> ExecutionRecord {
        ExecutionRecord(
            number: execution.number, pid: execution.pid, parentPID: execution.parentPID,
            executedAt: execution.executedAt, path: text(execution.path), arguments: arguments(execution.arguments),
            isTruncated: execution.isTruncated)
    }

    mutating func masked(_ toolUse: ToolUseRecord) -> ToolUseRecord {
        ToolUseRecord(
            request: toolUse.request, id: text(toolUse.id), name: text(toolUse.name), input: text(toolUse.input),
            isTruncated: toolUse.isTruncated, usedAt: toolUse.usedAt)
    }

    mutating func masked(_ error: ErrorRecord) -> ErrorRecord {
        ErrorRecord(doing: text(error.doing), found: text(error.found), hint: text(error.hint))
    }
}

import HoopxCore
import HoopxJSON

extension SessionRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("arguments", arguments.words)
        writer.optional("datagram_tier", datagramTier)
        writer.name("principal")
        writer.object { principal.write(to: &$0) }
        writer.name("program")
        writer.object { writer in
            writer.member("path", program.path)
            writer.optional("sha256", program.sha256)
        }
        writer.member("started_at", startedAt)
        writer.name("supervisor")
        writer.object { writer in
            writer.member("boot_id", supervisor.bootID)
            writer.member("pid", Int64(supervisor.pid))
            writer.member("pid_namespace", supervisor.pidNamespace)
            writer.member("start_ticks", supervisor.startTicks)
        }
        writer.member("weakenings", weakenings)
        writer.member("working_directory", workingDirectory)
    }

    init(_ data: EventFields, id: SessionID) throws(MalformedEvent) {
        let program = try data.object("program")
        let supervisor = try data.object("supervisor")
        self.init(
            id: id, principal: try Principal(try data.object("principal")),
            arguments: RecordedArguments(stored: try data.texts("arguments")),
            workingDirectory: try data.text("working_directory"),
            program: Program(path: try program.text("path"), sha256: try program.optionalText("sha256")),
            supervisor: SupervisorProcess(
                pid: try supervisor.number("pid", as: Int32.self), startTicks: try supervisor.integer("start_ticks"),
                bootID: try supervisor.text("boot_id"), pidNamespace: try supervisor.text("pid_namespace")),
            startedAt: try data.time("started_at"), weakenings: try data.texts("weakenings"),
            datagramTier: try data.optionalText("datagram_tier"))
    }
}

extension SessionEndRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.optional("ended_at", endedAt)
        writer.member("ending", ending.kind)
        writer.optional("number", ending.number.map(Int64.init))
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        let (kind, number) = (try data.text("ending"), try data.optionalNumber("number", as: Int32.self))
        guard let ending = SessionEnding(kind: kind, number: number) else { throw data.malformed("ending") }
        self.init(ending, at: try data.optionalTime("ended_at"))
    }
}

extension SessionEnding {
    var kind: String {
        switch self {
        case .exited: "exited"
        case .killed: "killed"
        case .terminated: "terminated"
        case .failed: "failed"
        case .interrupted: "interrupted"
        }
    }

    /// Of an exit the status, of a signal its number.
    var number: Int32? {
        switch self {
        case .exited(let number), .killed(let number), .terminated(let number): number
        case .failed, .interrupted: nil
        }
    }

    init?(kind: String, number: Int32?) {
        switch (kind, number) {
        case ("exited", let status?): self = .exited(status: status)
        case ("killed", let signal?): self = .killed(signal: signal)
        case ("terminated", let signal?): self = .terminated(signal: signal)
        case ("failed", nil): self = .failed
        case ("interrupted", nil): self = .interrupted
        default: return nil
        }
    }
}

extension Principal {
    fileprivate func write(to writer: inout CanonicalJSONWriter) {
        writer.name("claims")
        writer.object { writer in
            for (name, claim) in claims.sorted(by: { CanonicalJSON.precedes($0.key, $1.key) }) {
                writer.member(name, claim)
            }
        }
        writer.optional("email", email)
        writer.member("groups", groups)
        writer.optional("issuer", issuer)
        writer.member("kind", kind.rawValue)
        writer.member("name", name)
        writer.member("subject", subject)
        guard let verification else { return }
        writer.name("verification")
        writer.object { writer in
            writer.member("algorithm", verification.algorithm)
            writer.member("expires_at", verification.expiresAt)
            writer.member("issued_at", verification.issuedAt)
            writer.optional("key_id", verification.keyID)
            writer.member("method", verification.method.rawValue)
        }
    }

    fileprivate init(_ data: EventFields) throws(MalformedEvent) {
        var verification: Verification?
        if let fields = try data.optionalObject("verification") {
            verification = Verification(
                method: try fields.value("method", of: Verification.Method.self),
                algorithm: try fields.text("algorithm"), keyID: try fields.optionalText("key_id"),
                issuedAt: try fields.time("issued_at"), expiresAt: try fields.time("expires_at"))
        }
        self.init(
            kind: try data.value("kind", of: Kind.self), name: try data.text("name"),
            subject: try data.text("subject"), issuer: try data.optionalText("issuer"),
            email: try data.optionalText("email"), groups: try data.texts("groups"),
            claims: try data.textsByName("claims"), verification: verification)
    }
}

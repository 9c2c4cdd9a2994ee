import HoopxAudit
import HoopxCore
import HoopxPolicy
import NIOHTTP1

/// What every request passes before a byte of it leaves the machine, step by step.
///
/// Each step either goes on or refuses. The steps that wait for something (a credential's lease, the upstream)
/// follow in `RequestHandler`; nothing here does.
struct RequestPipeline: Sendable {
    let entrance: Entrance
    /// Where the target's socket was going.
    let destination: Destination
    let policy: EgressPolicy
    let connections: [String: NamedConnection]
    let session: SessionCredential
    let recorder: Recorder

    func admit(_ head: HTTPRequestHead) throws(Refusal) -> AdmittedRequest {
        // decode: one reading only, or none
        var target = try readTarget(head)
        let way = try decideEntrance(target)
        let check = way.entrance.connection.map {
            CredentialCheck(placeholder: session.placeholder, injection: $0.credential.injection)
        }
        let fields = try readFields(head, check: check, entrance: way.entrance)
        let subject = "\(head.method.rawValue) \(target.path) to \(way.host)".printable

        // session: after its end nothing new passes
        try checkSession(subject: subject)

        // names: what is asked for is what was resolved and decided on
        try checkName(fields, way: way, subject: subject)
        try checkUpgrade(fields, entrance: way.entrance, subject: subject)

        // credential: the placeholder, the client's own where that is wanted, or none where nothing is changed
        let credential = try checkCredential(
            fields, check: check, target: &target, head: head, way: way, subject: subject)

        // signature: a body that hoopx can read and hold
        if case .injected = credential.use { try checkSignable(fields, way: way, subject: subject) }

        // record: what cannot be recorded does not happen
        try checkRecord(entrance: way.entrance, subject: subject)

        return AdmittedRequest(
            head, target: target, fields: fields, entrance: way.entrance, host: way.host, credential: credential,
            subject: subject)
    }

    /// The entrance that a request takes, and the host that it may name.
    struct Way {
        let entrance: Entrance
        let host: Destination
    }

    private func readTarget(_ head: HTTPRequestHead) throws(Refusal) -> RequestTarget {
        let isOurVersion = head.version == .http1_1 || head.version == .http1_0
        guard isOurVersion, let target = RequestTarget(head.uri) else {
            throw .malformed("its request line is not one of HTTP/1.1's for a path", rule: entrance.rule)
        }
        // Its answer is the request as it came, with the credential that hoopx put in (RFC 9110, 9.3.8).
        guard head.method != .TRACE else {
            throw .malformed("TRACE asks for a request's own fields, which may be secret", rule: entrance.rule)
        }
        if case .explicitProxy = entrance {
            guard target.authority != nil else {
                throw .malformed("a proxy is asked with a whole URL", rule: entrance.rule)
            }
        } else if target.authority != nil {
            throw .malformed("it names a whole URL, as only a proxy is asked", rule: entrance.rule)
        }
        return target
    }

    /// For the explicit proxy, where each request names its own host; elsewhere it is known since connect.
    private func decideEntrance(_ target: RequestTarget) throws(Refusal) -> Way {
        switch entrance {
        case .denied(let denial): throw Refusal(denial)
        case .host, .tunnel: return Way(entrance: entrance, host: destination)
        case .baseURL(let connection): return Way(entrance: entrance, host: connection.primaryHost)
        case .explicitProxy:
            let host = target.authority ?? destination
            switch policy.route(to: host) {
            case .deny(let denial): throw Refusal(denial)
            case .tunnel(let rule): return Way(entrance: .tunnel(rule: rule), host: host)
            case .connection(let name):
                guard let connection = connections[name] else {
                    preconditionFailure("the policy names a connection that the proxy was not given")
                }
                return Way(entrance: .host(connection, isTLS: false), host: host)
            }
        }
    }

    private func readFields(
        _ head: HTTPRequestHead, check: CredentialCheck?, entrance: Entrance
    ) throws(Refusal) -> RequestFields {
        do throws(RequestFields.Malformation) {
            return try RequestFields(head, check: check)
        } catch {
            throw .malformed(error.description, rule: entrance.rule)
        }
    }

    private func checkSession(subject: String) throws(Refusal) {
        if let denial = session.denial(of: subject) { throw Refusal(denial) }
    }

    private func checkName(_ fields: RequestFields, way: Way, subject: String) throws(Refusal) {
        let isMatch: Bool
        switch way.entrance {
        case .host(_, let isTLS):
            isMatch = Destination(authority: fields.host, defaultPort: isTLS ? 443 : 80) == way.host
        case .baseURL:
            let named = Destination(authority: fields.host, defaultPort: 80)
            let isLocalName = named?.host == destination.host || named?.host.description == "localhost"
            isMatch = isLocalName && named?.port == destination.port
        case .tunnel, .denied, .explicitProxy:
            isMatch = Destination(authority: fields.host, defaultPort: 80) == way.host
        }
        if isMatch { return }
        throw Refusal(
            Denial(
                code: .nameMismatch, layer: .proxy, rule: way.entrance.rule, subject: subject,
                hint: "the Host field names another host than the one that was connected to"))
    }

    private func checkUpgrade(_ fields: RequestFields, entrance: Entrance, subject: String) throws(Refusal) {
        guard let protocolName = fields.upgrade else { return }
        throw Refusal(
            Denial(
                code: .upgradeRefused, layer: .proxy, rule: entrance.rule, subject: subject,
                hint: "hoopx does not pass an upgrade (\(protocolName.printable)), because it could not check "
                    + "what follows; use plain requests or server-sent events"),
            status: .notImplemented, closesConnection: true)
    }

    /// For a connection whose requests hoopx signs.
    private func checkSignable(_ fields: RequestFields, way: Way, subject: String) throws(Refusal) {
        guard let connection = way.entrance.connection, connection.isSigned else { return }
        let encodings = fields.forwarded[canonicalForm: "content-encoding"]
        let hashes = fields.forwarded["x-amz-content-sha256"]
        if hashes.contains(where: { $0.hasPrefix("STREAMING-") })
            || encodings.contains(where: { String($0).isEqualIgnoringCase(to: "aws-chunked") })
        {
            throw Refusal(
                Denial(
                    code: .signedStreamRefused, layer: .credential, rule: way.entrance.rule, subject: subject,
                    hint: "the client signs its body in pieces (aws-chunked), which only the holder of the real key "
                        + "can; set AWS_REQUEST_CHECKSUM_CALCULATION=when_required, or send the body in one piece"),
                status: .notImplemented)
        }
        if let length = fields.contentLength, (Int(length) ?? .max) > BodyMemory.largestBody {
            throw .unsignable(.body, subject: subject, rule: way.entrance.rule)
        }
    }

    private func checkRecord(entrance: Entrance, subject: String) throws(Refusal) {
        if recorder.isFailed {
            throw .unrecordable(recorder.failure, subject: subject, rule: entrance.rule)
        }
    }
}

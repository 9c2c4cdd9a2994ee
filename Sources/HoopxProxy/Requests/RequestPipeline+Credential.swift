import HoopxAudit
import HoopxCore
import NIOHTTP1

/// The step of the pipeline that decides on a request's credential.
extension RequestPipeline {
    func checkCredential(
        _ fields: RequestFields, check: CredentialCheck?, target: inout RequestTarget, head: HTTPRequestHead, way: Way,
        subject: String
    ) throws(Refusal) -> PresentedCredential {
        guard let check, let connection = way.entrance.connection else { return PresentedCredential(.unused) }
        var finding = check.inspect(query: &target.query)
        for field in fields.credentials {
            finding = finding.joined(with: check.inspect(header: field.name, value: field.value))
        }
        switch (finding, connection.credential) {
        case (.foreign(let found), let credential):
            throw Refusal(
                Denial(
                    code: .foreignCredential, layer: .credential, rule: way.entrance.rule, subject: subject,
                    hint: Self.hint(on: found, credential, of: connection)))
        case (.clientToken(let token), _):
            session.used()
            return PresentedCredential(.clientToken, token: token, fingerprint: session.fingerprints.of(token))
        case (.placeholder, .held):
            session.used()
            return PresentedCredential(.injected)
        case (.placeholder, .client), (.none, .client), (.none, .held):
            if [.GET, .HEAD, .OPTIONS].contains(head.method), !fields.hasBody { return PresentedCredential(.absent) }
            throw Refusal(
                Denial(
                    code: .credentialMissing, layer: .credential, rule: way.entrance.rule, subject: subject,
                    hint: Self.hintOnMissing(connection)))
        case (.placeholder, .none), (.none, .none):
            if case .placeholder = finding { session.used() }
            return PresentedCredential(.unused)
        }
    }

    private static func hint(
        on found: CredentialCheck.Foreign, _ credential: ConnectionCredential, of connection: NamedConnection
    ) -> String {
        if found.isOtherRunsPlaceholder {
            return
                "\(found.place) holds the placeholder of another run, which is worth nothing in this one; use the one "
                + "that this run's environment holds"
        }
        if case .client = credential {
            return
                "\(found.place) holds what is not the client's own OAuth token (Authorization: Bearer sk-ant-oat...); "
                + "the connection \"\(connection.name)\" passes nothing else: an API key could be anybody's, and a way "
                + "out; unset it and log in with the client, or let hoopx hold the key with another credential.source"
        }
        return "\(found.place) holds a credential that is not this run's placeholder; leave the credential to "
            + "hoopx: it sets that of the connection \"\(connection.name)\""
    }

    private static func hintOnMissing(_ connection: NamedConnection) -> String {
        if case .client = connection.credential {
            return "log in with the client: the connection \"\(connection.name)\" passes its OAuth token "
                + "(Authorization: Bearer sk-ant-oat...)"
        }
        return "send the placeholder that the environment holds for the connection "
            + "\"\(connection.name)\" where the API takes its key"
    }
}

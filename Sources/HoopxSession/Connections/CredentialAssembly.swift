import HoopxConfiguration
import HoopxCore
import HoopxCredentials
import HoopxOutbound

/// Makes a configured credential into the source that gives it.
struct CredentialAssembly {
    /// hoopx's own.
    let environment: [String: String]
    /// Gives the session's ID token, for what is got in exchange for it; nil where nobody vouches for the principal.
    let identity: (any IdentityTokenSource)?
    let control: ControlClient
    let session: SessionID

    /// - Parameter connection: the name of the connection that it belongs to.
    /// - Returns: nil for the client's own, which has no source.
    /// - Throws: a usage error where it needs an identity that the session does not have, or a value cannot be right.
    func source(
        of credential: CredentialConfiguration, connection: String
    ) throws(HoopxError) -> (any CredentialSource)? {
        switch credential.source {
        case .environment(let variables): return EnvironmentSource(variables: variables, environment: environment)
        case .file(let path, let header): return FileSource(path: path, header: header)
        case .command(let words, let timeout, let header):
            return CommandSource(command: words, timeout: timeout, header: header, environment: environment)
        case .client: return nil
        case .anthropicFederation(let federation):
            return try anthropic(federation, try identity(for: connection))
        case .googleFederation(let federation): return try google(federation, try identity(for: connection))
        case .vault(let vault, let header):
            return try VaultSource(
                address: vault.address, namespace: vault.namespace, caPath: vault.ca, authMount: vault.authMount,
                role: vault.role, path: vault.path, field: vault.field, header: header, audience: vault.audience,
                identity: try identity(for: connection), client: control)
        case .awsWebIdentity(let role): return try aws(role, try identity(for: connection))
        }
    }

    private func identity(for connection: String) throws(HoopxError) -> any IdentityTokenSource {
        if let identity { return identity }
        throw HoopxError(
            .usage, doing: "preparing the credential of connections.\(connection)",
            found: "it is got in exchange for an ID token, and this session has none",
            hint: "configure identity (hoopx.yaml(5)), or choose one with --identity")
    }

    private func anthropic(
        _ federation: AnthropicFederationConfiguration, _ identity: any IdentityTokenSource
    ) throws(HoopxError) -> any CredentialSource {
        let configured = AnthropicFederationSettings(
            federationRuleID: federation.federationRuleID, organizationID: federation.organizationID,
            serviceAccountID: federation.serviceAccountID, workspaceID: federation.workspaceID)
        let settings = configured.completed(by: AnthropicFederationSettings(environment: environment))
        guard let baseURL = federation.tokenURL else {
            return try AnthropicFederationSource(
                settings, audience: federation.audience, identity: identity, client: control)
        }
        return try AnthropicFederationSource(
            settings, baseURL: baseURL, audience: federation.audience, identity: identity, client: control)
    }

    private func google(
        _ federation: GoogleFederationConfiguration, _ identity: any IdentityTokenSource
    ) throws(HoopxError) -> any CredentialSource {
        try GoogleFederationSource(
            audience: federation.audience, serviceAccount: federation.serviceAccount, scopes: federation.scopes,
            tokenURL: federation.tokenURL ?? "https://sts.googleapis.com/v1/token",
            impersonationURL: federation.impersonationURL ?? "https://iamcredentials.googleapis.com",
            identityAudience: federation.identityAudience, identity: identity, client: control)
    }

    private func aws(
        _ role: AWSWebIdentityConfiguration, _ identity: any IdentityTokenSource
    ) throws(HoopxError) -> any CredentialSource {
        try WebIdentitySource(
            roleARN: role.roleARN, scope: AWSSignatureScope(region: role.region, service: role.service),
            sessionName: WebIdentitySource.sessionName(from: role.sessionName ?? "hoopx-\(session)"),
            duration: role.duration,
            endpoint: role.stsEndpoint.flatMap { ControlURL($0) }, audience: role.audience, identity: identity,
            client: control)
    }
}

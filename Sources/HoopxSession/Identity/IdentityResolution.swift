import HoopxConfiguration
import HoopxCore
import HoopxIdentity
import HoopxLinux
import HoopxOutbound

/// Finds out whom a session acts for: the platform that it runs on, a login that is kept, or the Unix user.
public struct IdentityResolution: Sendable {
    private let configuration: IdentityConfiguration
    /// hoopx's own.
    private let environment: [String: String]
    private let control: ControlClient
    private let localUser: LocalUser

    /// What there is without a person's help.
    public enum Outcome: Sendable {
        case established(SessionIdentity)
        /// Nobody has logged in to the configured issuer, or not for long enough.
        case loginNeeded(UserIdentity, reason: String)
    }

    public init(
        _ configuration: IdentityConfiguration, environment: [String: String], control: ControlClient,
        localUser: LocalUser
    ) {
        self.configuration = configuration
        self.environment = environment
        self.control = control
        self.localUser = localUser
    }

    /// Where the identity comes from.
    ///
    /// - Throws: a usage error where `provider` names one that lacks a key.
    public var platform: WorkloadPlatform {
        get throws(HoopxError) {
            switch configuration.provider {
            case .auto:
                return .detect(
                    environment: environment,
                    settings: .init(
                        tokenFile: configuration.tokenFile, tokenVariable: configuration.tokenVariable,
                        hasClient: configuration.issuer != nil && configuration.clientID != nil))
            case .oidc: return .oidc
            case .github: return .gitHubActions
            case .gitlab: return .gitLabCI(variable: configuration.tokenVariable ?? TokenVariableSource.gitLabVariable)
            case .file: return .tokenFile(try required(configuration.tokenFile, "token_file"))
            case .env: return .tokenVariable(try required(configuration.tokenVariable, "token_variable"))
            case .local: return .local
            }
        }
    }

    /// Variables of hoopx's environment that hold an ID token or get one, whether this session uses it or not: another
    /// would do for whoever has it.
    public var secretVariables: [String] {
        let variables = [TokenVariableSource.gitLabVariable, configuration.tokenVariable].compactMap { $0 }
        let platforms = [WorkloadPlatform.gitHubActions] + variables.map { .tokenVariable($0) }
        return platforms.compactMap { $0.source(environment: environment, client: control) }.flatMap(\.secretVariables)
    }

    /// Files that hold an ID token or get one, and directories of such.
    public var secretFiles: [String] {
        let tokens = configuration.tokenFile.map { TokenFileSource(path: $0).secretFiles } ?? []
        return tokens + [configuration.clientSecretFile].compactMap { $0 }
    }

    /// Where a login is kept and its ID token has not expired, nothing leaves the machine for it.
    ///
    /// - Throws: where the identity is not to be had although it should be.
    public func resolve() async throws(HoopxError) -> Outcome {
        let platform = try platform
        if let source = platform.source(environment: environment, client: control) {
            return .established(try await workload(source, defaultClaims: platform.defaultClaims).establish())
        }
        guard case .oidc = platform else {
            return .established(SessionIdentity(.localUser(name: localUser.name, uid: localUser.uid)))
        }
        let user = try UserIdentity(
            configuration, control: control, cache: try configuration.tokenCache(environment))
        switch try await user.load() {
        case .established(let identity):
            return .established(SessionIdentity(identity.principal, keeper: identity.keeper))
        case .loginNeeded(let reason): return .loginNeeded(user, reason: reason)
        }
    }

    private func workload(
        _ source: any WorkloadTokenSource, defaultClaims: [String: String]
    ) throws(HoopxError) -> WorkloadIdentity {
        // An issuer with a client id is the one of people's logins: a platform has its own.
        let isOfLogins = configuration.clientID != nil
        let configured = isOfLogins ? source.defaultIssuer ?? configuration.issuer : configuration.issuer
        let issuer = try required(configured ?? source.defaultIssuer, "issuer")
        return WorkloadIdentity(
            source: source,
            issuer: try Issuer(issuer, caPath: configuration.ca, client: control),
            audience: configuration.audience ?? configuration.clientID ?? "hoopx",
            mapping: try PrincipalMapping(configuration, defaultClaims: defaultClaims))
    }

    private func required(_ value: String?, _ key: String) throws(HoopxError) -> String {
        if let value { return value }
        throw HoopxError(
            .usage, doing: "looking for the session's identity",
            found: "identity.\(key) is not configured, which the provider \(configuration.provider.rawValue) needs",
            hint: "set it in the configuration (hoopx.yaml(5))")
    }
}

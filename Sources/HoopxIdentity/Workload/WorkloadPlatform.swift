import HoopxOutbound

/// Where a session's identity comes from.
public enum WorkloadPlatform: Hashable, Sendable {
    case gitHubActions
    /// With the variable that holds the job's token.
    case gitLabCI(variable: String)
    case tokenFile(String)
    case tokenVariable(String)
    /// A person's login with the configured issuer.
    case oidc
    /// Nobody vouches.
    case local

    /// What the configuration says, as far as it matters to the choice.
    public struct Settings: Hashable, Sendable {
        /// An absolute path.
        public var tokenFile: String?
        /// The name of a variable.
        public var tokenVariable: String?
        /// Whether an issuer and a client id are configured.
        public var hasClient: Bool

        public init(tokenFile: String? = nil, tokenVariable: String? = nil, hasClient: Bool = false) {
            self.tokenFile = tokenFile
            self.tokenVariable = tokenVariable
            self.hasClient = hasClient
        }
    }

    /// The choice of `--identity auto`: the platform that hoopx runs on before what is configured by hand, and a login
    /// last, since where a platform vouches nobody sits at a terminal.
    ///
    /// - Parameter environment: hoopx's own. A variable that is empty counts as unset.
    public static func detect(environment: [String: String], settings: Settings) -> WorkloadPlatform {
        let isSet: (String) -> Bool = { environment[$0].map { !$0.isEmpty } ?? false }
        if isSet(GitHubActionsSource.urlVariable), isSet(GitHubActionsSource.tokenVariable) { return .gitHubActions }
        let gitLabVariable = settings.tokenVariable ?? TokenVariableSource.gitLabVariable
        if environment["GITLAB_CI"] == "true", isSet(gitLabVariable) { return .gitLabCI(variable: gitLabVariable) }
        if let file = settings.tokenFile { return .tokenFile(file) }
        if let variable = settings.tokenVariable { return .tokenVariable(variable) }
        return settings.hasClient ? .oidc : .local
    }

    /// What gives its tokens; nil for a login and for a local user.
    ///
    /// - Parameter environment: hoopx's own.
    public func source(environment: [String: String], client: ControlClient) -> (any WorkloadTokenSource)? {
        switch self {
        case .gitHubActions: GitHubActionsSource(environment: environment, client: client)
        case .gitLabCI(let variable): TokenVariableSource.gitLab(variable: variable, environment: environment)
        case .tokenFile(let path): TokenFileSource(path: path)
        case .tokenVariable(let variable): TokenVariableSource(variable: variable, environment: environment)
        case .oidc, .local: nil
        }
    }

    /// The claims that say which run it is, where the configuration names none: the principal's name for each, and the
    /// path that `ClaimPath` reads.
    public var defaultClaims: [String: String] {
        switch self {
        case .gitHubActions:
            Self.sameNames(
                "repository", "ref", "sha", "run_id", "run_attempt", "workflow", "actor", "event_name", "environment")
        case .gitLabCI: Self.sameNames("project_path", "ref", "pipeline_id", "job_id", "user_login", "namespace_path")
        // Kubernetes; in other tokens (SPIFFE) these are missing.
        case .tokenFile:
            [
                "namespace": "kubernetes.io.namespace", "pod": "kubernetes.io.pod.name",
                "serviceaccount": "kubernetes.io.serviceaccount.name",
            ]
        case .tokenVariable, .oidc, .local: [:]
        }
    }

    private static func sameNames(_ names: String...) -> [String: String] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
    }
}

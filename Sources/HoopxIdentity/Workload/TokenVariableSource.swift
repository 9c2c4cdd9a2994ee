import HoopxCore

/// An ID token that stands in a variable of hoopx's environment, for the one audience that whoever put it there chose.
public struct TokenVariableSource: WorkloadTokenSource {
    /// The variable in which a GitLab job has its token where the configuration names none.
    public static let gitLabVariable = "HOOPX_ID_TOKEN"

    public let method: Principal.Verification.Method
    public let name: String
    public let defaultIssuer: String?
    public let secretVariables: [String]
    public let secretFiles: [String] = []
    public let choosesAudience = false
    private let result: Result<UnverifiedIDToken, HoopxError>

    /// - Parameter environment: hoopx's own.
    public init(variable: String, environment: [String: String]) {
        self.init(
            .tokenVariable, "the environment variable \(variable)", variable, issuer: nil, environment,
            hint: "set \(variable) to an ID token in the environment that hoopx runs in")
    }

    /// The token of a GitLab job (docs.gitlab.com, "id_tokens"). Its issuer is the instance.
    public static func gitLab(
        variable: String = gitLabVariable, environment: [String: String]
    ) -> TokenVariableSource {
        TokenVariableSource(
            .gitLabCI, "GitLab CI (the environment variable \(variable))", variable,
            issuer: environment["CI_SERVER_URL"].flatMap { $0.isEmpty ? nil : $0 }, environment,
            hint: "give the job `id_tokens: {\(variable): {aud: ...}}` in .gitlab-ci.yml, with hoopx's audience")
    }

    private init(
        _ method: Principal.Verification.Method, _ name: String, _ variable: String, issuer: String?,
        _ environment: [String: String], hint: String
    ) {
        self.method = method
        self.name = name
        defaultIssuer = issuer
        secretVariables = [variable]
        let doing = "getting the ID token from \(name)"
        guard let value = environment[variable], !value.isEmpty else {
            result = .failure(HoopxError(.startup, doing: doing, found: "it is not set", hint: hint))
            return
        }
        guard let token = UnverifiedIDToken(value) else {
            let found = "it holds no ID token (a JWT of at most \(UnverifiedIDToken.maximumLength) bytes)"
            result = .failure(HoopxError(.startup, doing: doing, found: found, hint: hint))
            return
        }
        result = .success(token)
    }

    public func token(audience: String?) throws(HoopxError) -> UnverifiedIDToken { try result.get() }
}

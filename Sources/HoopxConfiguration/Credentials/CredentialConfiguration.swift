import HoopxCore

/// Where a connection's real credential comes from, and where the target finds the placeholder for it.
public struct CredentialConfiguration: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// hoopx's own environment: the first of these variables that is set; at least one.
        case environment([CredentialVariable])
        /// A file that only its owner can read; absolute.
        case file(path: String, header: CredentialHeader)
        /// What a command prints; at least one word.
        case command([String], timeout: Duration, header: CredentialHeader)
        case anthropicFederation(AnthropicFederationConfiguration)
        case googleFederation(GoogleFederationConfiguration)
        case vault(VaultConfiguration, header: CredentialHeader)
        case awsWebIdentity(AWSWebIdentityConfiguration)
        /// The target's own OAuth token passes.
        case client
    }

    public let source: Source
    /// The variable that the target's client reads, where that is not the one that hoopx reads.
    private let placeholder: String?

    public init(source: Source, placeholder: String? = nil) {
        self.source = source
        self.placeholder = placeholder
    }

    /// Whether the credential is got in exchange for the session's ID token.
    public var needsIdentity: Bool {
        switch source {
        case .anthropicFederation, .googleFederation, .vault, .awsWebIdentity: true
        case .environment, .file, .command, .client: false
        }
    }

    /// The variables that the target gets the placeholder in; none where its client is told in another way.
    ///
    /// - Parameter environment: hoopx's own.
    public func placeholderVariables(in environment: [String: String]) -> [String] {
        if let placeholder { return [placeholder] }
        switch source {
        case .environment(let variables):
            let isSet: (CredentialVariable) -> Bool = { !(environment[$0.name] ?? "").isEmpty }
            return (variables.first(where: isSet) ?? variables.first).map { [$0.name] } ?? []
        case .awsWebIdentity: return AWSVariables.placeholders
        default: return []
        }
    }
}

/// The exchange of an ID token for a token of the Claude API (workload identity federation).
public struct AnthropicFederationConfiguration: Hashable, Sendable {
    /// These are nil where the environment has them, in the variables of Anthropic's own clients.
    public let federationRuleID: String?
    public let organizationID: String?
    public let serviceAccountID: String?
    public let workspaceID: String?
    /// Where tokens are exchanged: a base URL; nil for the Claude API's own.
    public let tokenURL: String?
    /// Whom the ID token must be meant for; nil for the one that the identity has anyway.
    public let audience: String?
}

/// The exchange of an ID token for one of Google Cloud's (workload identity federation).
public struct GoogleFederationConfiguration: Hashable, Sendable {
    /// The provider's full resource name: `//iam.googleapis.com/projects/...`.
    public let audience: String
    /// The email of a service account to act as, or nil.
    public let serviceAccount: String?
    public let scopes: [String]
    public let tokenURL: String?
    public let impersonationURL: String?
    /// Whom the ID token must be meant for; nil for the one that the identity has anyway.
    public let identityAudience: String?
}

/// A secret of Vault or OpenBao, read after a login with the ID token.
public struct VaultConfiguration: Hashable, Sendable {
    public let address: String
    /// Where the JWT/OIDC method is mounted.
    public let authMount: String
    public let role: String
    /// The secret's path, with the mount: `secret/data/claude`, `aws/creds/agent`.
    public let path: String
    /// The field of the secret that is the credential.
    public let field: String
    public let namespace: String?
    /// A PEM file; absolute.
    public let ca: String?
    public let audience: String?
}

/// Temporary credentials of an AWS role, for the ID token.
public struct AWSWebIdentityConfiguration: Hashable, Sendable {
    public let roleARN: String
    public let region: String
    /// The service that requests are signed for.
    public let service: String
    /// How AWS's own logs name the session; nil for the name of hoopx's session.
    public let sessionName: String?
    public let duration: Duration
    /// nil for the region's own.
    public let stsEndpoint: String?
    public let audience: String?
}

/// Variables of AWS's clients.
enum AWSVariables {
    /// What lets a client find its way without a profile: no search for credentials of a machine, and bodies in one piece,
    /// which can be signed anew.
    static func settings(region: String) -> [String: String] {
        [
            "AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        ]
    }

    /// What a client signs with.
    static let placeholders = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]

    /// What gives a client credentials of its own, or tells it where to get some.
    static let secret =
        placeholders + [
            "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_BEARER_TOKEN_BEDROCK", "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ]
}

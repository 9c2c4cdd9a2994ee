/// How a connection's requests carry their credential.
public enum CredentialInjection: Hashable, Sendable {
    /// In a header of its own. `listed` are values that the upstream wants in list headers beside it.
    case header(CredentialHeader, listed: [ListedValue] = [])
    /// As a signature over the request (AWS Signature Version 4), in `Authorization`.
    case signature(AWSSignatureScope)
    /// The client's own OAuth token, which stays where the client put it: in `Authorization`.
    case client

    /// The header that carries it.
    public var headerName: String {
        switch self {
        case .header(let header, _): header.name
        case .signature, .client: CredentialHeader.bearer.name
        }
    }

    /// A value that stands in a header with several, comma-separated (RFC 9110, 5.6.1): a beta flag in `anthropic-beta`.
    public struct ListedValue: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}

/// What an AWS signature is valid for, beside the day: `us-east-1` and `bedrock`.
public struct AWSSignatureScope: Hashable, Sendable {
    public let region: String
    public let service: String

    public init(region: String, service: String) {
        self.region = region
        self.service = service
    }
}

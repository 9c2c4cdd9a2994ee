/// A variable of hoopx's own environment that can hold a credential, and how requests carry its value.
public struct CredentialVariable: Hashable, Sendable {
    public let name: String
    public let header: CredentialHeader

    public init(name: String, header: CredentialHeader) {
        self.name = name
        self.header = header
    }
}

import HoopxCore

/// Something that gives credentials: the environment, a file, later a command or an identity provider.
public protocol CredentialSource: Sendable {
    /// How messages name it: "the environment variable ANTHROPIC_API_KEY". Never secret.
    var name: String { get }

    /// How requests carry what it gives, known before there is any.
    var header: CredentialHeader { get }

    /// Gets a credential, possibly over the network.
    ///
    /// - Throws: an error that says what is missing and what to do, without any part of a token.
    func lease() async throws(HoopxError) -> Lease
}

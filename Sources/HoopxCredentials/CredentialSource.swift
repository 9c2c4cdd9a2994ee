import HoopxCore

/// Something that gives credentials: the environment, a file, a command, a token service.
public protocol CredentialSource: Sendable {
    /// How messages name it: "the environment variable ANTHROPIC_API_KEY". Never secret.
    var name: String { get }

    /// How requests carry what it gives, known before there is any.
    var injection: CredentialInjection { get }

    /// Whether asking it costs nobody anything, since it is a file or a variable of this machine.
    var isLocal: Bool { get }

    /// Gets a credential, possibly over the network.
    ///
    /// - Throws: an error that says what is missing and what to do, without any part of a token.
    func lease() async throws(HoopxError) -> Lease

    /// Prolongs a lease of this source that has not expired.
    ///
    /// - Returns: the same credential for longer, under the same id (`Lease.prolonged`); nil where a new one must be got.
    func renew(_ lease: Lease) async throws(HoopxError) -> Lease?

    /// Ends a lease of this source before its time, where the source can.
    ///
    /// - Returns: whether it is worth nothing now; false where such a lease only ends by its expiry. The record says
    ///   which of the two it was, so that no source has this for nothing.
    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool
}

extension CredentialSource {
    public var isLocal: Bool { false }

    public func renew(_ lease: Lease) async throws(HoopxError) -> Lease? { nil }
}

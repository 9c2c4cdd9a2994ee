import HoopxCore

/// A platform that vouches for the job or service that hoopx runs in, with an ID token.
public protocol WorkloadTokenSource: Sendable {
    /// How the record says the token was come by.
    var method: Principal.Verification.Method { get }

    /// How messages name it: "GitHub Actions", "the file /var/run/secrets/tokens/hoopx". Never secret.
    var name: String { get }

    /// The issuer of the platform's tokens, where the configuration names none; nil where it must.
    var defaultIssuer: String? { get }

    /// Variables of hoopx's environment that hold a token or get one: never the target's.
    var secretVariables: [String] { get }

    /// Files with a token, by their absolute paths: never the target's to read.
    var secretFiles: [String] { get }

    /// Whether `token` asks for the audience that it is told. The others have tokens for one audience only, which whoever
    /// verifies them finds out.
    var choosesAudience: Bool { get }

    /// Gets a token, possibly over the network.
    ///
    /// - Parameter audience: whom it must be meant for (`aud`); nil for the platform's own choice.
    /// - Throws: an error that says what is missing and what to do, without any part of a token.
    func token(audience: String?) async throws(HoopxError) -> UnverifiedIDToken
}

import HoopxCore

/// Why a token is not a verified one.
public struct VerificationFailure: Error, Sendable {
    /// For code; the error's text is for people.
    public enum Reason: Hashable, Sendable {
        /// It is no JWT of bounded size, or a claim has the wrong type.
        case malformed
        /// Its algorithm is refused, or does not fit its key.
        case algorithm
        /// The issuer has no such key, or none that may be used.
        case key
        case signature
        case issuer
        case audience
        case expired
        /// `nbf` or `iat` lies in the future.
        case notYetValid
        /// It would be valid for too long.
        case lifetime
        case subject
        case nonce
        /// The issuer's metadata or keys could not be had: nothing is known of the token.
        case issuerUnavailable
    }

    public let reason: Reason
    public let error: HoopxError

    init(_ reason: Reason, _ error: HoopxError) {
        self.reason = reason
        self.error = error
    }
}

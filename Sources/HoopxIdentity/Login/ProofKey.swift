import Crypto
import Foundation
import HoopxCore

/// Proof Key for Code Exchange (RFC 7636): only who started a login can fetch its tokens.
struct ProofKey: Sendable {
    /// 256 random bits in base64url, 43 characters (RFC 7636, 4.1).
    let verifier: Secret
    /// The verifier's SHA-256 in base64url (`S256`, RFC 7636, 4.2).
    let challenge: String

    init() {
        let verifier = RandomText.base64URL()
        self.verifier = Secret(verifier)
        challenge = RandomText.base64URL(Data(SHA256.hash(data: Data(verifier.utf8))))
    }
}

import HoopxCore
import HoopxJSON

/// Whose an ID token is that was verified when it was kept, and may have expired since.
struct KeptSubject {
    let subject: String

    /// - Returns: nil where the text holds no claims with a subject.
    init?(_ token: Secret) {
        let payload = token.withValue { $0.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first }
        guard let payload, let bytes = Base64URL.decode(payload.utf8), let claims = try? JSONValue(json: bytes),
            let subject = claims["sub"]?.string
        else { return nil }
        self.subject = subject
    }
}

import Foundation
import HoopxCore

/// Whose an ID token is that was verified when it was kept, and may have expired since.
struct KeptSubject {
    let subject: String

    /// - Returns: nil where the text holds no claims with a subject.
    init?(_ token: Secret) {
        let payload = token.withValue { $0.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first }
        guard let payload else { return nil }
        var text = payload.replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: text),
            let claims = try? JSONDecoder().decode(ClaimValue.self, from: bytes),
            case .string(let subject) = claims["sub"]
        else { return nil }
        self.subject = subject
    }
}

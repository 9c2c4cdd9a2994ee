import HoopxCore
import HoopxJSON

/// What an ID token says that was verified when it was kept, and may have expired since.
struct KeptClaims {
    let subject: String?
    let issuer: String?
    /// Whom it is meant for: its client among them.
    let audience: [String]

    /// - Returns: nil where the text holds no claims.
    init?(_ token: Secret) {
        let payload = token.withValue { $0.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first }
        guard let payload, let bytes = Base64.decodeURL(payload.utf8), let claims = try? JSONValue(json: bytes)
        else { return nil }
        subject = claims["sub"]?.string
        issuer = claims["iss"]?.string
        audience =
            switch claims["aud"] {
            case .string(let name): [name]
            case .array(let names): names.compactMap(\.string)
            default: []
            }
    }
}

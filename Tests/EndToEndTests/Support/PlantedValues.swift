import Foundation

/// Values of every kind that must not be recorded, made at random for one place that they are planted in: what is found
/// tells where it was.
struct PlantedValues: Sendable {
    struct Value: Sendable {
        let entity: String
        /// The value as somebody would write it.
        let text: String
        /// What of it is nobody's business, without line ends.
        let secrets: [String]

        init(_ entity: String, _ text: String, secrets: [String]? = nil) {
            (self.entity, self.text, self.secrets) = (entity, text, secrets ?? [text])
        }
    }

    let place: String
    let values: [Value]

    /// The detector of the configuration's own for `EMPLOYEE_ID`.
    static let customPattern = "EMP-[0-9]{9}"

    init(_ place: String) {
        self.place = place
        let line = Array(Self.digits.utf8) + Array(Self.letters.utf8) + Array("+/".utf8)
        let lines = (0..<4).map { _ in Self.random(64, of: String(decoding: line, as: UTF8.self)) }
        let token = (Self.random(36, of: Self.alphanumerics), Self.random(43, of: Self.alphanumerics + "-_"))
        let payload = Data(#"{"sub":"\#(Self.random(12, of: Self.letters))"}"#.utf8).base64EncodedString()
            .replacingOccurrences(of: "=", with: "")
        let password = Self.random(20, of: Self.alphanumerics)
        let (user, host) = (
            Self.random(10, of: Self.letters.lowercased()), Self.random(9, of: Self.letters.lowercased())
        )
        values = [
            Value("CREDIT_CARD", Self.card()), Value("IBAN_CODE", Self.iban()),
            Value("US_SSN", "\(Int.random(in: 100...665))-\(Int.random(in: 10...99))-\(Int.random(in: 1_000...9_999))"),
            Value("EMAIL_ADDRESS", "\(user)@\(host).org"),
            Value("AWS_ACCESS_KEY", "AKIA" + Self.random(16, of: Self.letters.uppercased())),
            Value("GITHUB_TOKEN", "ghp_" + token.0), Value("ANTHROPIC_API_KEY", "sk-ant-api03-" + token.1),
            Value("JWT", "eyJhbGciOiJIUzI1NiJ9.\(payload).\(token.1)", secrets: [payload, token.1]),
            Value(
                "CONNECTION_STRING", "postgres://app:\(password)@db.internal:5432/orders", secrets: [password]),
            Value("EMPLOYEE_ID", "EMP-" + Self.random(9, of: Self.digits)),
            Value(
                "PRIVATE_KEY",
                "-----BEGIN RSA PRIVATE KEY-----\n\(lines.joined(separator: "\n"))\n-----END RSA PRIVATE KEY-----",
                secrets: lines),
        ]
    }

    /// All of them in one text, a line each.
    var text: String { values.map { "\($0.entity.lowercased()): \($0.text)" }.joined(separator: "\n") + "\n" }

    /// Those whose text can be the label of a host name.
    var labels: [Value] { values.filter { ["CREDIT_CARD", "IBAN_CODE", "US_SSN", "EMPLOYEE_ID"].contains($0.entity) } }

    private static let digits = "0123456789"
    private static let letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
    private static let alphanumerics = digits + letters

    private static func random(_ count: Int, of alphabet: String) -> String {
        let alphabet = Array(alphabet)
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    /// Sixteen digits with Luhn's check digit (ISO/IEC 7812-1).
    private static func card() -> String {
        let body = [4] + (0..<14).map { _ in Int.random(in: 0...9) }
        let sum = body.enumerated().reduce(0) { sum, digit in
            let value = digit.offset.isMultiple(of: 2) ? digit.element * 2 : digit.element
            return sum + value / 10 + value % 10
        }
        return (body + [(10 - sum % 10) % 10]).map(String.init).joined()
    }

    /// A German one, with its check digits (ISO 13616).
    private static func iban() -> String {
        let account = random(18, of: digits)
        // D and E are 13 and 14 there.
        let remainder = (account + "131400").reduce(0) { ($0 * 10 + ($1.wholeNumberValue ?? 0)) % 97 }
        let check = 98 - remainder
        return "DE" + (check < 10 ? "0" : "") + "\(check)\(account)"
    }
}

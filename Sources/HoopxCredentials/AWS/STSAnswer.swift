import FoundationEssentials
import HoopxCore
import HoopxOutbound

/// What AWS STS answers to AssumeRoleWithWebIdentity (API version 2011-06-15), in the XML that its reference documents.
///
/// STS also speaks JSON when asked for it, but its reference does not say so, and servers that stand in for it do not.
enum STSAnswer {
    case credentials(AWSCredentials, expiration: Timestamp)
    /// The code is a word of the API's; the message is what the server says, not fit to be shown as it is.
    case error(code: String, message: String)

    /// - Parameter source: how messages name the source.
    /// - Throws: where it is neither.
    init(_ response: ControlResponse, from source: String) throws(HoopxError) {
        let root = XMLElement(document: response.body)
        if response.status == 200, let root, root.name == "AssumeRoleWithWebIdentityResponse" {
            self = try Self.credentials(in: root, from: source)
        } else if response.status != 200, let error = root?.child("Error"), let code = error.child("Code")?.text,
            !code.isEmpty, code.utf8.count <= 64, code.utf8.allSatisfy(\.isLetterOrDigit)
        {
            self = .error(code: code, message: error.child("Message")?.text ?? "")
        } else {
            throw Self.unreadable(source, "its answer (status \(response.status)) is not one of AWS STS")
        }
    }

    private static func credentials(in root: XMLElement, from source: String) throws(HoopxError) -> STSAnswer {
        let found = root.child("AssumeRoleWithWebIdentityResult")?.child("Credentials")
        guard let found, let keyID = found.child("AccessKeyId")?.text,
            let secret = found.child("SecretAccessKey")?.text,
            let token = found.child("SessionToken")?.text, let expiration = found.child("Expiration")?.text
        else { throw unreadable(source, "its answer lacks a part of the credentials") }
        // It stands in a header's list.
        guard (16...128).contains(keyID.utf8.count), keyID.utf8.allSatisfy(\.isLetterOrDigit) else {
            throw unreadable(source, "its answer has an access key id that is none")
        }
        guard let end = date(expiration) else {
            throw unreadable(source, "its answer does not say when the credentials expire")
        }
        let credentials = AWSCredentials(
            accessKeyID: keyID, secretKey: try TokenText.secret(from: secret.utf8, of: source),
            sessionToken: try TokenText.secret(from: token.utf8, of: source))
        return .credentials(credentials, expiration: end)
    }

    /// RFC 3339, with or without a fraction of the second.
    private static func date(_ text: String) -> Timestamp? {
        guard text.utf8.count <= 40 else { return nil }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text), abs(date.timeIntervalSince1970) < 1e11 else { return nil }
        return Timestamp(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
    }

    private static func unreadable(_ source: String, _ found: String) -> HoopxError {
        TokenText.error(source, found, hint: "see that sts_endpoint leads to AWS STS")
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }
}

import Crypto
import HoopxCore
import HoopxCredentials
import NIOHTTP1

/// AWS Signature Version 4 of one request, as it goes on ("Create a signed AWS API request" of the IAM user guide).
///
/// Signed are Host, Content-Type and every `x-amz-` field; nothing between hoopx and AWS has business with those. What a
/// server could read in two ways is sent in the form that is signed: the query, and for S3 the path.
struct SignatureV4 {
    let credentials: AWSCredentials
    let scope: AWSSignatureScope
    let moment: Timestamp

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// Replaces what the client signed with, and signs.
    ///
    /// - Parameter payload: the digest of the whole body.
    func sign(_ head: inout HTTPRequestHead, payload: SHA256Digest) {
        head.headers.replaceOrAdd(name: "X-Amz-Date", value: time)
        head.headers.replaceOrAdd(name: "X-Amz-Content-Sha256", value: Hexadecimal.text(payload))
        credentials.sessionToken.withValue { head.headers.replaceOrAdd(name: "X-Amz-Security-Token", value: $0) }
        if let mark = head.uri.firstIndex(of: "?") {
            let query = Self.canonicalQuery(head.uri[head.uri.index(after: mark)...])
            head.uri = head.uri[..<mark] + (query.isEmpty ? "" : "?" + query)
        }
        if encodesPathOnce {
            let path = head.uri.prefix { $0 != "?" }
            head.uri = Self.canonicalText(path, keeping: "/") + head.uri[path.endIndex...]
        }
        head.headers.replaceOrAdd(name: "Authorization", value: authorization(for: head, payload: payload))
    }

    /// The value of the Authorization header. Its fields are those that the head has.
    func authorization(for head: HTTPRequestHead, payload: SHA256Digest) -> String {
        let fields = Self.signedFields(of: head.headers)
        let names = fields.map(\.name).joined(separator: ";")
        let path = head.uri.prefix { $0 != "?" }
        let request = [
            head.method.rawValue, canonicalPath(path), Self.canonicalQuery(head.uri[path.endIndex...].dropFirst()),
            fields.map { "\($0.name):\($0.value)\n" }.joined(), names, Hexadecimal.text(payload),
        ].joined(separator: "\n")
        let range = "\(moment.day)/\(scope.region)/\(scope.service)/aws4_request"
        let toSign = [Self.algorithm, time, range, Hexadecimal.text(SHA256.hash(data: Array(request.utf8)))]
            .joined(separator: "\n")
        let signature = Self.code(of: toSign, key: signingKey)
        return "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(range), SignedHeaders=\(names), "
            + "Signature=\(Hexadecimal.text(signature))"
    }

    /// `yyyymmddThhmmssZ`.
    private var time: String { moment.description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z" }

    private var signingKey: SymmetricKey {
        let first = credentials.secretKey.withValue { SymmetricKey(data: Array("AWS4\($0)".utf8)) }
        return [moment.day, scope.region, scope.service, "aws4_request"].reduce(first) { key, part in
            SymmetricKey(data: Self.code(of: part, key: key))
        }
    }

    private static func code(of text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    // MARK: Canonical forms

    /// S3 takes a path as it is; every other service encodes the encoded path once more.
    private var encodesPathOnce: Bool { scope.service == "s3" || scope.service.hasPrefix("s3-") }

    private func canonicalPath(_ path: Substring) -> String {
        if encodesPathOnce { return Self.canonicalText(path, keeping: "/") }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.map { PercentEncoding.encode($0.utf8) }.joined(separator: "/") + end
    }

    /// Parameters by name, then value, each encoded in the one way. A plus is a blank: that is what servers make of it,
    /// and signed it is `%20`.
    static func canonicalQuery(_ query: Substring) -> String {
        let parameters = query.split(separator: "&").map { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { canonicalText(Substring($0.replacing("+", with: "%20"))) }
            return (name: texts[0], value: texts.count == 2 ? texts[1] : "")
        }
        // Encoded texts are ASCII: their order is that of their bytes.
        let sorted = parameters.sorted {
            Array($0.name.utf8 + [0] + $0.value.utf8).lexicographicallyPrecedes(
                Array($1.name.utf8 + [0] + $1.value.utf8))
        }
        return sorted.map { $0.name + "=" + $0.value }.joined(separator: "&")
    }

    /// An encoded text in its one spelling: escapes only where they are needed, with upper case digits.
    private static func canonicalText(_ text: Substring, keeping kept: String = "") -> String {
        var result = ""
        var rest = Array(text.utf8)[...]
        while let (byte, isEscaped) = PercentEncoding.next(&rest) {
            // An escaped slash stays one: it is part of a name.
            let isKept = !isEscaped && kept.utf8.contains(byte)
            result += isKept ? String(UnicodeScalar(byte)) : PercentEncoding.encode([byte])
        }
        return result
    }

    /// In the order of their names; fields of one name are joined, and blanks are single.
    private static func signedFields(of headers: HTTPHeaders) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            let name = name.lowercased()
            guard name == "host" || name == "content-type" || name.hasPrefix("x-amz-") else { continue }
            let words = value.split { $0 == " " || $0 == "\t" }
            values[name, default: []].append(words.joined(separator: " "))
        }
        return values.map { (name: $0.key, value: $0.value.joined(separator: ",")) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

import FoundationEssentials
import HoopxCore

/// Finds out whose credential a request holds: the run's placeholder, another one, or none.
///
/// A credential that the target brings itself would let it talk to the upstream in somebody else's name, and so
/// carry data out; it is refused wherever it is found, also beside a placeholder.
struct CredentialCheck {
    enum Finding {
        case none
        case placeholder
        /// The client's own, where the connection passes it.
        case clientToken(Secret)
        case foreign(Foreign)

        /// What two places of one request come to.
        func joined(with other: Finding) -> Finding {
            switch (self, other) {
            case (.foreign, _): self
            case (_, .foreign): other
            // Two of a field that stands once (RFC 9110, 11.6.2): servers differ in which they take.
            case (.clientToken, .clientToken): .foreign(Foreign(place: "a second header authorization"))
            case (.clientToken, _): self
            case (_, .clientToken): other
            case (.placeholder, _), (_, .placeholder): .placeholder
            case (.none, .none): .none
            }
        }
    }

    /// A credential that is none of the above.
    struct Foreign {
        /// Where it is: "the header x-api-key". Never the credential.
        let place: String
        /// It has the shape of a placeholder: that of another run.
        var isOtherRunsPlaceholder = false
    }

    let placeholder: Placeholder
    /// How the connection's own credential is sent; its header need not be one of the known ones.
    let injection: CredentialInjection?

    /// Whether a header can hold a credential, by its role or because the connection's own is sent in it.
    func concerns(_ name: String, role: HeaderRole) -> Bool {
        if case .credential = role { return true }
        return injection.map { $0.headerName.isEqualIgnoringCase(to: name) } ?? false
    }

    /// Judges one header's value: the bare placeholder, `Scheme placeholder`, Basic with it as user or password, or
    /// the connection's own format around it.
    func inspect(header name: String, value: String) -> Finding {
        let value = value.trimmed
        if value.isEmpty { return .none }
        if isPlaceholder(value) { return .placeholder }
        if case .header(let header, _) = injection, header.name.isEqualIgnoringCase(to: name),
            placeholder.secret.withValue({ Secret(header.value(for: $0)).isEqual(to: value.utf8) })
        {
            return .placeholder
        }
        var credential = value
        if name.isEqualIgnoringCase(to: "authorization") {
            let parts = value.split(separator: " ", maxSplits: 1)
            if parts.count == 1, ["bearer", "basic", "token"].contains(value.lowercased()) { return .none }
            if parts.count == 2 {
                credential = String(parts[1]).trimmed
                if isPlaceholder(credential) { return .placeholder }
                if parts[0].lowercased() == "basic", isPlaceholderInBasic(credential) { return .placeholder }
                if case .client = injection, parts[0].lowercased() == "bearer", ClientToken.isOne(credential) {
                    return .clientToken(Secret(credential))
                }
                if parts[0] == "AWS4-HMAC-SHA256", isPlaceholderInSignature(credential) { return .placeholder }
            }
        }
        return foreign(credential, in: "the header \(name.lowercased())")
    }

    /// Judges a query and takes out of it the parameters that hold the placeholder.
    func inspect(query: inout String?) -> Finding {
        guard let text = query, !text.isEmpty else { return .none }
        var finding = Finding.none
        var kept: [Substring] = []
        for parameter in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "&" || $0 == ";" }) {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decoded(pair[0]).lowercased()
            let value = pair.count == 2 ? Self.decoded(pair[1]) : ""
            if Self.signatureParameters.contains(name) { continue }
            guard Self.keyParameters.contains(name), !value.isEmpty else {
                kept.append(parameter)
                continue
            }
            let isOurs = name == "x-amz-credential" ? isPlaceholderInScope(value[...]) : isPlaceholder(value)
            finding = finding.joined(
                with: isOurs ? .placeholder : foreign(value, in: "the query parameter \(name)"))
        }
        if case .placeholder = finding { query = kept.isEmpty ? nil : kept.joined(separator: "&") }
        return finding
    }

    private static let keyParameters: Set<String> = [
        "key", "api_key", "apikey", "api-key", "x-api-key", "access_token", "auth_token", "token", "authorization",
        "private_token", "client_secret", "x-amz-credential", "x-amz-security-token",
    ]
    /// What comes with X-Amz-Credential in a presigned URL of AWS: worth nothing without it.
    private static let signatureParameters: Set<String> = [
        "x-amz-algorithm", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature",
    ]

    private func foreign(_ credential: String, in place: String) -> Finding {
        .foreign(Foreign(place: place, isOtherRunsPlaceholder: Placeholder.isShape(of: credential)))
    }

    private func isPlaceholder(_ text: String) -> Bool { placeholder.secret.isEqual(to: text.utf8) }

    private func isPlaceholderInBasic(_ encoded: String) -> Bool {
        guard let decoded = Data(base64Encoded: encoded) else { return false }
        let parts = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        // Where the key goes differs from API to API. The other half is dropped with the header, whatever it says.
        return parts.contains { placeholder.secret.isEqual(to: $0) }
    }

    /// An AWS client that holds the placeholder signs with it: the access key is what stands before the first slash of
    /// `Credential=`. The signature itself is dropped with the header.
    private func isPlaceholderInSignature(_ parameters: String) -> Bool {
        let scopes = parameters.split(separator: ",").map { String($0).trimmed }.filter { $0.hasPrefix("Credential=") }
        return scopes.count == 1 && isPlaceholderInScope(scopes[0].dropFirst("Credential=".count))
    }

    private func isPlaceholderInScope(_ scope: Substring) -> Bool { isPlaceholder(String(scope.prefix { $0 != "/" })) }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let (byte, isEscaped) = PercentEncoding.next(&rest) {
            bytes.append(!isEscaped && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = self[...].drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return String(text)
    }
}

import HoopxCore
import NIOHTTP1

/// The header fields of a request, sorted in one pass by what they mean to the proxy.
struct RequestFields {
    enum Malformation: Error {
        case hosts(Int), framing, fieldValue, connectionOptions

        var description: String {
            switch self {
            case .hosts(let count): "it has \(count) Host fields instead of one"
            case .framing: "its length is given twice, or in an encoding other than chunked"
            case .fieldValue: "a header field holds a control character"
            case .connectionOptions: "its Connection field names a field that every hop needs"
            }
        }
    }

    private(set) var host = ""
    private(set) var isChunked = false
    private(set) var contentLength: String?
    /// What goes on to the upstream, but for Host, framing and the credential.
    private(set) var forwarded = HTTPHeaders()
    /// What may hold a credential, and is not forwarded.
    private(set) var credentials: [(name: String, value: String)] = []
    /// What the client wants to upgrade to, other than HTTP/2, whose offer a server is free to ignore (RFC 9110, 7.8).
    private(set) var upgrade: String?
    private(set) var offersHTTP2 = false
    private(set) var expectsContinue = false

    var hasBody: Bool { isChunked || (contentLength ?? "0") != "0" }

    /// - Parameter check: names the fields that hold credentials; nil where credentials pass as they are.
    init(_ head: HTTPRequestHead, check: CredentialCheck?) throws(Malformation) {
        var hosts = 0
        var encodings = 0
        var options: [String] = []
        forwarded.reserveCapacity(head.headers.count + 4)
        for (name, value) in head.headers {
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else { throw .fieldValue }
            let role = HeaderRole(name)
            switch role {
            case .host:
                hosts += 1
                host = value
            case .contentLength:
                guard contentLength == nil, !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    throw .framing
                }
                contentLength = value
            case .transferEncoding:
                encodings += 1
                guard value.isEqualIgnoringCase(to: "chunked") else { throw .framing }
                isChunked = true
            case .connection:
                options += value.split(separator: ",").map { String($0.filter { $0 != " " && $0 != "\t" }) }
            case .upgrade:
                if value.isEqualIgnoringCase(to: "h2c") { offersHTTP2 = true } else { upgrade = value }
            case .hopByHop: break
            case .cookie where check != nil: break
            case .credential, .cookie, .endToEnd:
                if let check, check.concerns(name, role: role) {
                    credentials.append((name, value))
                } else {
                    forwarded.add(name: name, value: value)
                    if name.utf8.count == 6, name.isEqualIgnoringCase(to: "expect") { expectsContinue = true }
                }
            }
        }
        guard hosts == 1 else { throw .hosts(hosts) }
        guard encodings + (contentLength == nil ? 0 : 1) <= 1, !isChunked || head.version == .http1_1 else {
            throw .framing
        }
        try removeNamed(by: options)
    }

    /// Fields that the Connection field names hold for this hop only (RFC 9110, 7.6.1).
    private mutating func removeNamed(by options: [String]) throws(Malformation) {
        for option in options {
            switch HeaderRole(option) {
            case .host, .contentLength, .transferEncoding, .credential, .cookie: throw .connectionOptions
            case .connection, .upgrade, .hopByHop: break
            case .endToEnd where option.isEqualIgnoringCase(to: "close"): break
            case .endToEnd: forwarded.remove(name: option)
            }
        }
    }
}

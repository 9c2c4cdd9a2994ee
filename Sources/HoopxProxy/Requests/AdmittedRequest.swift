import Crypto
import HoopxAudit
import HoopxClaude
import HoopxCore
import HoopxCredentials
import NIOHTTP1

/// What a request brought as its credential, once it was found fit to pass.
struct PresentedCredential {
    let use: RequestRecord.CredentialUse
    /// The client's own token, where it passes.
    let token: Secret?
    /// What the record calls that token.
    let fingerprint: String?

    /// Whether it counts as a use of the session while the exchange lasts.
    var isUse: Bool { use == .injected || use == .clientToken }

    init(_ use: RequestRecord.CredentialUse, token: Secret? = nil, fingerprint: String? = nil) {
        self.use = use
        self.token = token
        self.fingerprint = fingerprint
    }
}

/// A request that passed every check, as it is sent upstream but for the credential that hoopx holds.
struct AdmittedRequest {
    private(set) var head: HTTPRequestHead
    let upstream: UpstreamTarget
    let connection: NamedConnection?
    let credential: PresentedCredential
    /// What a denial says of it: "POST /v1/messages to api.anthropic.com:443".
    let subject: String
    let rule: String
    /// Whether the client's connection can serve another request afterwards.
    let keepsClient: Bool
    let expectsContinue: Bool
    /// Whether it may be sent again when a kept connection turns out to be closed (RFC 9110, 9.2.2).
    let isReplayable: Bool
    /// Whether its body is taken in before it goes on, to be looked at and recorded.
    let collectsBody: Bool
    /// Whether its body must be whole then, whatever its length.
    let isSigned: Bool
    /// What it asks the Claude API for; nil where it goes elsewhere, or hoopx does not know it.
    let claudeRoute: ClaudeRoute?

    init(
        _ received: HTTPRequestHead, target: RequestTarget, fields: RequestFields, entrance: Entrance,
        host: Destination, credential: PresentedCredential, subject: String
    ) {
        let connection = entrance.connection
        let url = connection?.upstream(for: host) ?? UpstreamURL(isTLS: false, destination: host)
        var headers = HTTPHeaders([("Host", url.authority)])
        headers.add(contentsOf: fields.forwarded)
        if fields.isChunked {
            headers.add(name: "Transfer-Encoding", value: "chunked")
        } else if let length = fields.contentLength {
            headers.add(name: "Content-Length", value: length)
        }
        credential.token?.withValue { headers.add(name: "Authorization", value: "Bearer " + $0) }
        head = HTTPRequestHead(
            version: .http1_1, method: received.method, uri: url.pathPrefix + target.originForm, headers: headers)
        upstream = UpstreamTarget(
            destination: url.destination, isTLS: url.isTLS, caPath: connection?.upstreamCA,
            mayBeLocal: connection != nil)
        self.connection = connection
        self.credential = credential
        self.subject = subject
        rule = entrance.rule
        // The decoder stops after an offer of HTTP/2, although nobody takes it up.
        keepsClient = received.isKeepAlive && !fields.offersHTTP2
        expectsContinue = fields.expectsContinue
        collectsBody = fields.hasBody && connection != nil
        isSigned = credential.use == .injected && connection?.isSigned ?? false
        claudeRoute =
            connection.flatMap { _ in ClaudeRoute(method: received.method.rawValue, path: target.path) }
        isReplayable = !fields.hasBody && [.GET, .HEAD, .OPTIONS].contains(received.method)
    }

    /// Puts the connection's credential in. From here on the head is as secret as the token.
    ///
    /// - Parameter payload: the digest of the body where it was collected.
    mutating func inject(_ lease: Lease, as injection: CredentialInjection, payload: SHA256Digest?) {
        switch (injection, lease.material) {
        case (.header(let header, let listed), .token(let token)):
            token.withValue { head.headers.replaceOrAdd(name: header.name, value: header.value(for: $0)) }
            for item in listed where !head.headers[canonicalForm: item.name].contains(item.value[...]) {
                head.headers.add(name: item.name, value: item.value)
            }
        case (.signature(let scope), .aws(let credentials)):
            SignatureV4(credentials: credentials, scope: scope, moment: .now())
                .sign(&head, payload: payload ?? SHA256.hash(data: [UInt8]()))
        case (.header, .aws), (.signature, .token), (.client, _): break
        }
    }

    /// Its body has been taken in, whole: the client has had its leave to send it.
    ///
    /// - Parameters:
    ///   - length: in bytes, as it goes on.
    ///   - isChanged: whether it goes on as another text than the client's.
    mutating func frame(bodyLength length: Int, isChanged: Bool) {
        head.headers.remove(name: "Expect")
        if isChanged { head.headers.removeContentFields() }
        if isSigned { head.headers.remove(name: "Transfer-Encoding") }
        // What came in chunks may have trailers.
        guard isSigned || isChanged, !head.headers.contains(name: "Transfer-Encoding") else { return }
        head.headers.replaceOrAdd(name: "Content-Length", value: String(length))
    }

    /// The beginning of its body has been taken in, and the rest follows as it comes.
    ///
    /// - Parameter isChanged: whether it goes on in other bytes than the client's.
    mutating func frameAsStream(isChanged: Bool) {
        head.headers.remove(name: "Expect")
        guard isChanged else { return }
        head.headers.removeContentFields()
        head.headers.remove(name: "Content-Length")
        head.headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
    }

    /// Asks for the whole of what is there: of parts, nobody could mask a value that lies in two of them.
    mutating func askForWhole() { head.headers.removeRange() }

    /// What it asks a Claude model for, in JSON; nil where it asks for something else.
    var modelRoute: ClaudeRoute? {
        let operations: [ClaudeOperation] = [.messagesCreate, .messagesCountTokens, .batchesCreate]
        return claudeRoute.flatMap { operations.contains($0.operation) ? $0 : nil }
    }

    /// Names the whole URL, as a proxy is asked for plain HTTP (RFC 9112, 3.2.2).
    mutating func useAbsoluteForm(proxyAuthorization: Secret?) {
        let url = UpstreamURL(isTLS: upstream.isTLS, destination: upstream.destination)
        head.uri = url.description + head.uri
        proxyAuthorization?.withValue { head.headers.add(name: "Proxy-Authorization", value: $0) }
    }

    /// The trailers that may go on: none that holds for one hop, says how to read the message, or may hold a
    /// credential (RFC 9110, 6.5.1).
    func forwardable(trailers: HTTPHeaders) -> HTTPHeaders {
        let own = connection?.credential.injection?.headerName
        return HTTPHeaders(
            trailers.filter { name, _ in
                guard case .endToEnd = HeaderRole(name) else { return false }
                return own.map { !$0.isEqualIgnoringCase(to: name) } ?? true
            })
    }
}

import FoundationEssentials
import HoopxCore
import HoopxOutbound

/// A service that gives tokens over HTTP, asked again where it may well answer a moment later, and its words made fit for
/// an error.
struct TokenService: Sendable {
    /// The longest answer, in bytes.
    static let answerLimit = 1 << 20
    /// For one attempt.
    static let deadline = Duration.seconds(10)

    let client: ControlClient
    /// A PEM file with the only authorities that may vouch for it; nil for those of the system.
    let caPath: String?
    /// As errors name the source.
    let source: String
    /// What to do about a refusal.
    let hint: String
    /// Before each further attempt. None follows once a whole deadline is over, since a request waits.
    var retryDelays: [Duration] = [.milliseconds(500), .seconds(2)]

    /// What of an error's body may be shown; the rest could hold what was sent.
    enum RefusalFormat {
        /// `error`, `error_description`, `error_uri` (RFC 6749, 5.2)
        case oauth
        /// `error.status`, `error.message` (Google's AIP-193)
        case google
    }

    /// - Parameter secrets: what the request holds: no part of it is shown, whoever repeats it.
    /// - Throws: a refusal at once; what passes by itself (network, 429, 5xx) after the attempts.
    func answer<Answer: Decodable>(
        _ type: Answer.Type, to request: ControlRequest, refusals: RefusalFormat = .oauth, hiding secrets: [Secret]
    ) async throws(HoopxError) -> Answer {
        let response = try await response(to: request, refusals: refusals, hiding: secrets)
        // The decoder's own errors quote what they found.
        guard let answer = try? JSONDecoder().decode(type, from: Data(response.body)) else {
            throw TokenText.error(source, "\(request.url) answered with something else than the JSON that was expected")
        }
        return answer
    }

    private func response(
        to request: ControlRequest, refusals: RefusalFormat, hiding secrets: [Secret]
    ) async throws(HoopxError) -> ControlResponse {
        let start = ContinuousClock.now
        var delays = retryDelays[...]
        while true {
            let found: String
            let isTransient: Bool
            var isRefusal = false
            do throws(ControlFailure) {
                let response = try await client.send(
                    request, caPath: caPath, limit: Self.answerLimit, deadline: Self.deadline)
                if (200...299).contains(response.status) { return response }
                isTransient = response.status == 429 || response.status >= 500
                isRefusal = (400...499).contains(response.status) && !isTransient
                let words = Refusal(response.body, refusals).words(hiding: secrets)
                let verb = isRefusal ? "refused it with" : "answered with"
                found = "\(request.url) \(verb) HTTP status \(response.status)" + (words.isEmpty ? "" : ": \(words)")
            } catch {
                found = error.description
                isTransient = error.isTransient
            }
            guard isTransient, let delay = delays.popFirst(), ContinuousClock.now - start < Self.deadline,
                (try? await Task.sleep(for: delay)) != nil
            else { throw TokenText.error(source, found, hint: isRefusal ? hint : nil) }
        }
    }

    /// - Parameters:
    ///   - seconds: as the service gave it (`expires_in`).
    ///   - type: as the service gave it (`token_type`), whatever its case (RFC 6749, 7.1).
    ///   - start: before the request.
    func lease(
        _ token: String?, seconds: Double?, type: String?, from start: ContinuousClock.Instant
    ) throws(HoopxError) -> Lease {
        guard let token else { throw TokenText.error(source, "the answer holds no access_token") }
        guard type?.lowercased() == "bearer" else {
            throw TokenText.error(source, "the answer's token_type is not Bearer")
        }
        guard let seconds, seconds >= 1 else {
            throw TokenText.error(source, "the answer does not say for how many seconds the token is good (expires_in)")
        }
        let lifetime = Duration.seconds(min(seconds, 1e9))
        return Self.term(lifetime, from: start).lease(try TokenText.secret(from: token.utf8, of: source))
    }

    /// Refreshed 120 s before its end; 30 s before it, requests wait for a new one.
    static func term(_ lifetime: Duration, from start: ContinuousClock.Instant) -> LeaseTerm {
        LeaseTerm(lifetime: lifetime, from: start, ahead: .seconds(120), reserve: .seconds(30))
    }

    /// A URL of the configuration, to which a path is added.
    ///
    /// - Throws: a usage error where tokens would pass the network in the clear.
    static func url(_ base: String, path: String = "", key: String) throws(HoopxError) -> ControlURL {
        var text = Substring(base)
        if !path.isEmpty { while text.hasSuffix("/") { text.removeLast() } }
        guard !text.contains("?"), let url = ControlURL(text + path),
            url.isTLS || url.destination.host.isThisMachine
        else {
            throw HoopxError(
                .usage, doing: "setting up the credential", found: "\(key) is not the URL of a token service",
                hint: "it must be https, or http on loopback, without a query")
        }
        return url
    }
}

/// The parts of an error's body that may be shown.
private struct Refusal {
    private var parts: [String] = []

    init(_ body: [UInt8], _ format: TokenService.RefusalFormat) {
        guard let fields = try? JSONDecoder().decode([String: Field].self, from: Data(body)) else { return }
        switch format {
        case .oauth: parts = ["error", "error_description", "error_uri"].compactMap { fields[$0]?.text }
        case .google: parts = ["status", "message"].compactMap { fields["error"]?.members[$0] }
        }
    }

    func words(hiding secrets: [Secret]) -> String {
        parts.map { ForeignMessage.shown($0, hiding: secrets) }.filter { !$0.isEmpty }.joined(separator: ": ")
    }

    /// A text, or an object's texts; nothing of what is neither.
    private struct Field: Decodable {
        let text: String?
        let members: [String: String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = try? value.decode(String.self)
            let fields = try? value.decode([String: Field].self)
            members = fields?.compactMapValues(\.text) ?? [:]
        }
    }
}

import Crypto
import Foundation

/// One device login, from its start until its tokens are given out (RFC 8628).
struct DeviceGrant {
    enum Decision {
        case pending
        case approved(subject: String)
        case denied
        case used
    }

    let deviceCode = RandomText.token()
    let userCode = RandomText.userCode()
    let clientID: String
    let scopes: Set<String>
    let nonce: String?
    /// S256 (RFC 7636, 4.2).
    let codeChallenge: String?
    var expiresAt: Date
    var interval: Int
    var lastPoll: Date?
    /// How many polls were answered with authorization_pending.
    var pendingPolls = 0
    var decision = Decision.pending

    /// Takes one poll.
    ///
    /// - Returns: the subject that the login was approved for, once.
    mutating func poll(
        form: [String: String], settings: inout ProviderSettings, now: Date
    ) throws(OAuthRefusal) -> String {
        if case .used = decision { throw .invalidGrant("the device code has been used") }
        guard now < expiresAt else { throw OAuthRefusal("expired_token", "the device code has expired") }
        try checkPace(settings: &settings, now: now)
        if case .pending = decision { follow(settings.script) }
        switch decision {
        case .pending:
            pendingPolls += 1
            throw OAuthRefusal("authorization_pending", "the user has not decided yet")
        case .denied: throw OAuthRefusal("access_denied", "the user has denied the login")
        case .used: throw .invalidGrant("the device code has been used")
        case .approved(let subject):
            if settings.supportsPKCE { try checkVerifier(form["code_verifier"]) }
            decision = .used
            return subject
        }
    }

    private mutating func checkPace(settings: inout ProviderSettings, now: Date) throws(OAuthRefusal) {
        let isEarly = lastPoll.map { now.timeIntervalSince($0) < Double(interval) } ?? false
        lastPoll = now
        if settings.slowDowns > 0 {
            settings.slowDowns -= 1
        } else if !isEarly || !settings.enforcesInterval {
            return
        }
        interval += 5
        throw OAuthRefusal("slow_down", "polls must be \(interval) seconds apart")
    }

    private mutating func follow(_ script: LoginScript) {
        switch script {
        case .wait: return
        case .approve(let subject, let polls): if pendingPolls >= polls { decision = .approved(subject: subject) }
        case .deny(let polls): if pendingPolls >= polls { decision = .denied }
        }
    }

    /// RFC 7636, 4.6; RFC 9700, 2.1.1, for a verifier without a challenge.
    private func checkVerifier(_ verifier: String?) throws(OAuthRefusal) {
        guard let codeChallenge else {
            if verifier != nil { throw .invalidGrant("a code_verifier, but the login began without a challenge") }
            return
        }
        guard let verifier else { throw .invalidGrant("code_verifier is missing") }
        guard Self.isVerifier(verifier), Base64URL.text(SHA256.hash(data: Data(verifier.utf8))) == codeChallenge else {
            throw .invalidGrant("code_verifier does not match the challenge")
        }
    }

    /// RFC 7636, 4.1: 43 to 128 unreserved characters.
    private static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~".contains($0)) }
    }
}

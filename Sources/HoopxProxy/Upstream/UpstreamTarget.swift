import HoopxCore

/// What a connection of hoopx goes to. Requests of equal targets may share kept connections.
struct UpstreamTarget: Hashable, Sendable {
    let destination: Destination
    let isTLS: Bool
    /// The PEM file of the only authorities that may vouch for it; nil for those of the system.
    let caPath: String?
    /// Whether its name may resolve to this machine. The user who configures a connection knows where it goes, but
    /// a name behind a tunnel is under somebody else's control (DNS rebinding).
    let mayBeLocal: Bool
}

/// Why an upstream cannot be used, in words for the user.
enum UpstreamFailure: Error {
    case unreachable(String)
    case notTrusted(String)
    case addressNotAllowed
    case brokenOff(String)

    func denial(subject: String, rule: String, target: Destination) -> Denial {
        let code: ReasonCode
        let hint: String
        switch self {
        case .unreachable(let found):
            code = .upstreamUnreachable
            hint = "\(target) cannot be reached: \(found)"
        case .notTrusted(let found):
            code = .upstreamUnreachable
            hint = "the TLS certificate of \(target) does not verify: \(found)"
        case .addressNotAllowed:
            code = .addressNotAllowed
            hint =
                "\(target) resolves to an address of this machine or of its link only; name the address itself "
                + "in egress.tunnel to allow it"
        case .brokenOff(let found):
            code = .upstreamFailed
            hint = "\(target) broke off: \(found)"
        }
        return Denial(code: code, layer: .proxy, rule: rule, subject: subject, hint: hint)
    }
}

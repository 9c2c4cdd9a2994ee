import HoopxCore
import HoopxOutbound

/// Why an OAuth endpoint did not do what it was asked. No case holds a part of a body, a token or a code.
public enum OAuthFailure: Error, Hashable, Sendable {
    /// The provider's answer is no (RFC 6749, 5.2): asking again changes nothing.
    case refused(OAuthRefusal)
    /// Not this time: the network, an overloaded server. What was found, for an error's text.
    case transient(String)
    /// What came is no answer, or whoever gave it cannot be trusted. What was found, for an error's text.
    case unusable(String)

    init(_ failure: ControlFailure) {
        self = failure.isTransient ? .transient(failure.description) : .unusable(failure.description)
    }

    /// What was found, for an error's text.
    public var found: String {
        switch self {
        case .refused(let refusal): "the provider refused: \(refusal)"
        case .transient(let found), .unusable(let found): found
        }
    }
}

/// A provider's no, as far as it may be shown.
public struct OAuthRefusal: Hashable, Sendable, CustomStringConvertible {
    /// `error`, such as `invalid_grant`.
    public let code: String
    /// `error_description`, where there is one.
    public let explanation: String?

    /// - Parameter sent: what was in the request, none of which comes back in a text for people.
    init(code: String, explanation: String?, sent: [Secret]) {
        self.code = ForeignMessage.shown(code, hiding: sent, limit: 64)
        self.explanation = explanation.map { ForeignMessage.shown($0, hiding: sent, limit: 200) }
    }

    public var description: String { explanation.map { "\(code) (\($0))" } ?? code }
}

extension Unicode.Scalar {
    /// Whether it can be shown without moving a cursor or turning the direction of a text.
    var isShowable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}

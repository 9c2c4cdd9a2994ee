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
        self.code = Self.presentable(code, limit: 64, without: sent)
        self.explanation = explanation.map { Self.presentable($0, limit: 200, without: sent) }
    }

    public var description: String { explanation.map { "\(code) (\($0))" } ?? code }

    /// Short, printable, and free of anything that might be a token: what was sent, and any long word.
    private static func presentable(_ text: String, limit: Int, without sent: [Secret]) -> String {
        // Bounded first: the rest costs time for each character.
        var text = String(text.unicodeScalars.prefix(limit * 4).map(Character.init))
        for secret in sent where !secret.isEmpty {
            secret.withValue { text = text.replacing($0, with: "<hidden>") }
        }
        let words = text.split(whereSeparator: \.isWhitespace).map { word in
            word.count > longestWord ? "<hidden>" : String(word)
        }
        let shown = words.joined(separator: " ").unicodeScalars.filter(\.isShowable)
        guard shown.count > limit else { return String(String.UnicodeScalarView(shown)) }
        return String(String.UnicodeScalarView(shown.prefix(limit))) + "..."
    }

    /// In characters. A UUID has 36; a token that is worth something has more than this.
    private static let longestWord = 40
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

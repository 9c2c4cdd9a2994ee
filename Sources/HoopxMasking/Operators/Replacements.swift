import Crypto
import HoopxCore

/// What takes the places of values in one session: it has the key of the session's hashes, and the pseudonyms.
///
/// Any number of threads use it at once.
public final class Replacements: Sendable {
    private let key = SymmetricKey(size: .bits256)
    private let pseudonyms: PseudonymTable

    /// - Parameter maximumPseudonyms: a value that comes when there are so many is redacted.
    public init(maximumPseudonyms: Int = 65_536) {
        pseudonyms = PseudonymTable(limit: maximumPseudonyms)
    }

    /// - Parameters:
    ///   - spelling: the value as it stands in its text, escapes undone: what a pseudonym is put back to.
    ///   - value: the value's normal form; empty where only a part of it is known, which is then redacted.
    /// - Returns: UTF-8 without characters that JSON would escape; nil where the value stays.
    public func replacement(
        for entity: EntityType, by masking: MaskingOperator, spelling: [UInt8], value: [UInt8]
    ) -> [UInt8]? {
        guard masking != .keep else { return nil }
        guard !value.isEmpty else { return Self.redacted(entity) }
        return switch masking {
        case .redact, .keep: Self.redacted(entity)
        case .mask: Self.masked(value)
        case .hash: Self.redacted(entity, detail: digest(value))
        case .pseudonym: pseudonyms.pseudonym(for: spelling, of: entity) ?? Self.redacted(entity)
        }
    }

    /// What a pseudonym stands for; nil where the session has made no such pseudonym.
    func spelling(of pseudonym: [UInt8]) -> [UInt8]? { pseudonyms.spelling(of: pseudonym) }

    /// Half of what is known of the length is no secret: 16 hexadecimal digits of an HMAC (RFC 2104) with SHA-256.
    private func digest(_ value: [UInt8]) -> String {
        Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: value, using: key).prefix(8))
    }

    private static func redacted(_ entity: EntityType, detail: String? = nil) -> [UInt8] {
        Array("[\(entity.rawValue)\(detail.map { ":" + $0 } ?? "")]".utf8)
    }

    private static let shownLength = 4
    /// A shorter value would show half of itself.
    private static let minimumLength = 9

    /// One star for each character. Of the last four only letters and digits are shown: whatever could be a delimiter of
    /// the text around them stays out of it.
    private static func masked(_ value: [UInt8]) -> [UInt8] {
        let characters = String(decoding: value, as: UTF8.self).unicodeScalars
        let hidden = characters.count < minimumLength ? characters.count : characters.count - shownLength
        return characters.enumerated().map { index, character in
            guard index >= hidden, character.isASCII, character.properties.isAlphabetic || ("0"..."9") ~= character
            else { return UInt8(ascii: "*") }
            return UInt8(character.value)
        }
    }
}

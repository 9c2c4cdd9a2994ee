import Crypto
import Synchronization

/// The pseudonyms of a session, and what they stand for: in memory only, and nothing that can be printed.
final class PseudonymTable: Sendable, CustomReflectable {
    /// A longer value is redacted.
    static let maximumLength = 4096
    /// Of all values together, in bytes.
    static let maximumSize = 16 << 20

    private struct Entries {
        var pseudonyms: [Key: [UInt8]] = [:]
        var spellings: [[UInt8]: [UInt8]] = [:]
        var counts: [EntityType: Int] = [:]
        /// Of all spellings, in bytes.
        var size = 0
    }

    private struct Key: Hashable {
        let entity: EntityType
        let value: [UInt8]
    }

    private let limit: Int
    private let entries = Mutex(Entries())

    init(limit: Int) { self.limit = limit }

    /// - Returns: nil where the table is full, or the value too long for it.
    func pseudonym(for spelling: [UInt8], of entity: EntityType) -> [UInt8]? {
        guard spelling.count <= Self.maximumLength else { return nil }
        let key = Key(entity: entity, value: Self.normalized(spelling))
        return entries.withLock { entries in
            if let known = entries.pseudonyms[key] { return known }
            guard entries.pseudonyms.count < limit, entries.size + spelling.count <= Self.maximumSize else {
                return nil
            }
            let number = entries.counts[entity, default: 0] + 1
            let pseudonym = Array("<\(entity.rawValue)_\(number)>".utf8)
            guard pseudonym.count <= PseudonymFinder.maximumLength else { return nil }
            entries.counts[entity] = number
            entries.size += spelling.count
            entries.pseudonyms[key] = pseudonym
            entries.spellings[pseudonym] = spelling
            return pseudonym
        }
    }

    func spelling(of pseudonym: [UInt8]) -> [UInt8]? {
        entries.withLock { $0.spellings[pseudonym] }
    }

    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// A long number is the same however its digits are grouped. Nothing else is: `1-11-1980` is not `11-1-1980`.
    static func normalized(_ spelling: [UInt8]) -> [UInt8] {
        var digits = 0
        var kept: [UInt8] = []
        for byte in spelling {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "-"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): break
            default: return spelling
            }
            kept.append(byte)
        }
        return digits >= 9 ? kept : spelling
    }
}

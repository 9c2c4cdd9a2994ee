/// What kind of sensitive value a finding is, by the field's names: Microsoft Presidio's where it has one.
public struct EntityType: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Upper-case letters, digits and underscores: `CREDIT_CARD`.
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    public static func < (left: EntityType, right: EntityType) -> Bool { left.rawValue < right.rawValue }
}

/// What takes a finding's place.
public enum MaskingOperator: String, CaseIterable, Sendable {
    /// The entity's name: `[CREDIT_CARD]`.
    case redact
    /// Stars, but for the last four characters.
    case mask
    /// `[CREDIT_CARD:…]` with an HMAC under a key of the session: the same value looks the same within it.
    case hash
    /// `<CREDIT_CARD_1>`, which is put back for the target where it comes back in a response.
    case pseudonym
    /// The value itself: the entity is not masked.
    case keep
}

/// Which operator an entity gets.
public struct MaskingPlan: Hashable, Sendable {
    public let standard: MaskingOperator
    public let byEntity: [EntityType: MaskingOperator]

    public init(standard: MaskingOperator, byEntity: [EntityType: MaskingOperator] = [:]) {
        self.standard = standard
        self.byEntity = byEntity
    }

    public subscript(entity: EntityType) -> MaskingOperator { byEntity[entity] ?? standard }
}

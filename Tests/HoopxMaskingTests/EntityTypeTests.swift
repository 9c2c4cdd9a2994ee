import HoopxMasking
import Testing

struct EntityTypeTests {
    @Test func entitiesAreOrderedByName() {
        #expect(EntityType(rawValue: "CREDIT_CARD") < EntityType(rawValue: "EMAIL_ADDRESS"))
    }
}

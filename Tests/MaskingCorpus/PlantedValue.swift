import HoopxMasking

/// A kind of value that is planted in documents: how valid ones and near misses are made, and what stands before them.
struct PlantedValue: Sendable {
    struct Valid {
        let text: String
        /// As it is stored: no spaces, no dashes.
        let isPlain: Bool

        init(_ text: String, isPlain: Bool = true) {
            self.text = text
            self.isPlain = isPlain
        }
    }

    let entity: EntityType
    /// What people call it, in several languages.
    let phrases: [String]
    /// What programs call it.
    let keys: [String]
    let valid: @Sendable (inout SeededRandom) -> Valid
    /// Looks like one, and is none.
    let nearMiss: @Sendable (inout SeededRandom) -> String
    /// By the name that Presidio's sentences have for it.
    static func named(_ name: String) -> PlantedValue? {
        let entity: EntityType? =
            switch name {
            case "credit_card_number": .creditCard
            case "iban": .ibanCode
            case "phone_number": .phoneNumber
            case "email": .emailAddress
            case "ip_address": .ipAddress
            case "ssn": .usSSN
            case "date_of_birth": .dateOfBirth
            case "us_driver_license": .usDriverLicense
            default: nil
            }
        return all.first { $0.entity == entity }
    }

    static let all = payments + nationalNumbers + addresses + persons + tokens + assigned
}

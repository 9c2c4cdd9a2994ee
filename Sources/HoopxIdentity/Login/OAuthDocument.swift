import HoopxJSON

/// The JSON object that an OAuth endpoint answered with.
struct OAuthDocument: Sendable {
    private let members: [String: JSONValue]

    /// - Returns: nil where the bytes are anything else than a JSON object.
    init?(_ body: [UInt8]) {
        guard case .object(let members)? = try? JSONValue(json: body) else { return nil }
        self.members = members
    }

    /// A member that is a string, and not empty.
    func text(_ name: String) -> String? {
        guard case .string(let text) = members[name], !text.isEmpty else { return nil }
        return text
    }

    /// A number of seconds, which some providers write as a string.
    ///
    /// - Returns: nil where it is absent, or not from 0 to 2^31.
    func seconds(_ name: String) -> Int? {
        let number: Double? =
            switch members[name] {
            case .number(let number): number
            case .string(let text): Double(text)
            default: nil
            }
        guard let number, (0...2_147_483_648).contains(number) else { return nil }
        return Int(number)
    }
}

import HoopxJSON

/// What is wrong with a claim of a verified token, before it is said of which issuer.
struct ClaimFault: Error, Hashable {
    let found: String
    let hint: String?

    init(_ found: String, hint: String? = nil) {
        self.found = found
        self.hint = hint
    }

    /// The text as it is, where it is bounded and holds nothing that a terminal or a record would act on.
    static func checked(_ text: String, of claim: String, limit: Int) throws(ClaimFault) -> String {
        guard text.utf8.count <= limit else {
            throw ClaimFault(
                "expected at most \(limit) bytes in the claim \(ForeignText(claim)), found \(text.utf8.count)")
        }
        guard !text.hasControlCharacters else {
            throw ClaimFault(
                "expected a text without control characters in the claim \(ForeignText(claim)), "
                    + "found \(ForeignText(text))")
        }
        return text
    }
}

import HoopxCore

/// What is wrong with what an issuer answered, before it is said of which document.
struct DocumentFault: Error, Hashable {
    let found: String
    let hint: String?

    init(_ found: String, hint: String? = nil) {
        self.found = found
        self.hint = hint
    }
}

/// Why a document of an issuer could not be had.
struct IssuerFailure: Error, Sendable {
    let error: HoopxError
    /// Whether the issuer said nothing at all, or that it cannot answer: then what was fetched before may serve for a
    /// while. An answer that is wrong is an answer.
    let isOutage: Bool
}

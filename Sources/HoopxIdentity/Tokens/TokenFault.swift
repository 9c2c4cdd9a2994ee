/// What is wrong with a token, before it is said of which issuer and while doing what.
struct TokenFault: Error {
    let reason: VerificationFailure.Reason
    let found: String
    let hint: String?

    init(_ reason: VerificationFailure.Reason, _ found: String, hint: String? = nil) {
        self.reason = reason
        self.found = found
        self.hint = hint
    }
}

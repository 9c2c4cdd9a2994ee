/// One refusal, told in one shape to the user, to the client and to the record.
public struct Denial: Hashable, Sendable {
    /// The part of hoopx that refused.
    public enum Layer: String, Sendable {
        case sandbox, egress, proxy, credential, masking, audit
    }

    public let code: ReasonCode
    public let layer: Layer
    /// The rule that decided, as the configuration names it: `egress.default`, `connections.claude`.
    public let rule: String
    /// What was refused, in words that start a sentence: "POST /v1/files to api.anthropic.com".
    public let subject: String
    /// What to do next.
    public let hint: String
    /// The same for the target, where `hint` holds what is the user's business only; nil where both may know it.
    public let targetHint: String?

    public init(
        code: ReasonCode, layer: Layer, rule: String, subject: String, hint: String, targetHint: String? = nil
    ) {
        self.code = code
        self.layer = layer
        self.rule = rule
        self.subject = subject
        self.hint = hint
        self.targetHint = targetHint
    }
}

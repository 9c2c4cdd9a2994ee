import HoopxCore

/// Why a request was denied.
public struct DecisionRecord: Hashable, Sendable {
    /// The `RequestRecord.number`.
    public let request: Int64
    public let code: ReasonCode
    public let layer: Denial.Layer
    /// The rule that decided, as the configuration names it.
    public let rule: String
    public let hint: String

    public init(request: Int64, code: ReasonCode, layer: Denial.Layer, rule: String, hint: String) {
        self.request = request
        self.code = code
        self.layer = layer
        self.rule = rule
        self.hint = hint
    }

    init(_ denial: Denial, ofRequest number: Int64) {
        self.init(request: number, code: denial.code, layer: denial.layer, rule: denial.rule, hint: denial.hint)
    }
}

import HoopxAudit
import HoopxMasking

/// What hoopx does with the content of bodies: what takes a finding's place in the record, and in what goes on.
public struct ContentHandling: Sendable {
    public let session: MaskingSession
    public let record: MaskingPlan
    /// For what goes to the upstream; nil where the bytes go as they are.
    public let request: MaskingPlan?
    /// For what comes back to the target; nil where the bytes come as they are.
    public let response: MaskingPlan?

    public init(
        session: MaskingSession, record: MaskingPlan, request: MaskingPlan? = nil, response: MaskingPlan? = nil
    ) {
        self.session = session
        self.record = record
        self.request = request
        self.response = response
    }

    /// Whether a response may hold pseudonyms in whose place the target is to find its own values.
    var restoresPseudonyms: Bool {
        guard let request else { return false }
        return request.standard == .pseudonym || request.byEntity.values.contains(.pseudonym)
    }

    /// The key of the configuration by which bodies of this direction are changed on their way.
    func setting(_ direction: BodyDirection) -> String {
        direction == .response && response != nil ? "masking.response" : "masking.request"
    }
}

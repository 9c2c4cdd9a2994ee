/// How much was masked in one place of a request: counts, never values.
public struct MaskingRecord: Hashable, Sendable {
    public enum Place: String, Sendable, CaseIterable {
        /// In the request's body, on its way to the upstream.
        case request
        /// In the response's body, on its way back.
        case response
        /// In what is recorded of the session apart from bodies: arguments, paths, names.
        case record
    }

    /// The `RequestRecord.number`; nil for `record`, where it belongs to no request.
    public let request: Int64?
    public let place: Place
    /// By the name of the entity: `EMAIL_ADDRESS`.
    public let counts: [String: Int64]

    public init(request: Int64?, place: Place, counts: [String: Int64]) {
        self.request = request
        self.place = place
        self.counts = counts
    }
}

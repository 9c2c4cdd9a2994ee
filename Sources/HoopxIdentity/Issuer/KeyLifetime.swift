/// How long fetched keys serve.
enum KeyLifetime {
    /// In seconds; what the issuer says is brought into these bounds.
    static let bounds: ClosedRange<Int64> = 300...86_400
    static let usual: Int64 = 3_600
    /// For how long after that they serve while the issuer cannot be reached.
    static let outage: Int64 = 86_400

    /// The `max-age` of Cache-Control (RFC 9111, 5.2.2.1), in bounds.
    ///
    /// - Parameter fields: the values of all Cache-Control fields.
    static func seconds(cacheControl fields: [String]) -> Int64 {
        for directive in fields.flatMap({ $0.split(separator: ",") }) {
            let words = directive.split(separator: "=", maxSplits: 1).map { part in
                part.filter { !" \t\"".contains($0) }.lowercased()
            }
            switch (words.first, words.dropFirst().first) {
            case ("no-store", _), ("no-cache", _): return bounds.lowerBound
            case ("max-age", let value?) where !value.isEmpty && value.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
                return clamped(Int64(value) ?? .max)
            default: continue
            }
        }
        return usual
    }

    static func clamped(_ seconds: Int64) -> Int64 { min(max(seconds, bounds.lowerBound), bounds.upperBound) }
}

/// The figures of repeated runs.
struct Sample {
    private var sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    /// The middle one: what a run in between costs, untouched by the machine's worst moment.
    var median: Double {
        if sorted.isEmpty { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// From the least to the greatest: what the machine's own noise amounts to.
    var spread: Double { (sorted.last ?? .nan) - (sorted.first ?? .nan) }
}

extension Double {
    /// The number as text, with thousands grouped: `12,345.6`.
    func text(decimals: Int = 0) -> String {
        guard isFinite else { return "?" }
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((magnitude * Double(scale)).rounded())
        var whole = String(scaled / scale)
        var grouped = ""
        while whole.count > 3 {
            grouped = "," + whole.suffix(3) + grouped
            whole.removeLast(3)
        }
        let fraction = String(scaled % scale)
        let padding = String(repeating: "0", count: Swift.max(0, decimals - fraction.count))
        return (self < 0 && scaled > 0 ? "-" : "") + whole + grouped + (decimals > 0 ? "." + padding + fraction : "")
    }

    /// The same with its sign, for differences.
    func difference(decimals: Int = 0) -> String { (self >= 0 ? "+" : "") + text(decimals: decimals) }
}

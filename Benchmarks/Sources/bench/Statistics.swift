/// The figures of repeated runs, in the order of the rounds.
struct Sample {
    private let values: [Double]

    init(_ values: [Double]) { self.values = values }

    /// The middle one: what a run in between costs, untouched by the machine's worst moment.
    var median: Double {
        let sorted = values.sorted()
        if sorted.isEmpty { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// From the least to the greatest: what the machine's own noise amounts to.
    var spread: Double { (values.max() ?? .nan) - (values.min() ?? .nan) }

    /// By how much these took longer than others, in percent: the median over the rounds.
    ///
    /// A shared machine is slower for seconds at a time, by more than what is asked for. The runs of one round see that
    /// alike.
    func slowdown(over others: Sample) -> Double {
        100 * (Sample(zip(values, others.values).map { $0 / $1 }).median - 1)
    }
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

import HoopxCore

/// How often each denial of a session happened.
///
/// A target can try a hundred thousand destinations in a second. Beyond a number of different denials they are
/// counted together, by their rule, so that neither the memory nor the disk fills with them.
struct DenialCounts {
    /// How many different denials are told apart.
    static let capacity = 1_000

    private var records: [Denial: DenialRecord] = [:]

    /// Counts a denial.
    ///
    /// - Returns: the record that it counts in, with the count of the whole session.
    mutating func count(_ denial: Denial, at time: Timestamp) -> DenialRecord {
        let key = records[denial] != nil || records.count < Self.capacity ? denial : Self.summary(of: denial)
        var record = records[key] ?? DenialRecord(denial: key, count: 0, firstAt: time, lastAt: time)
        record.count += 1
        record.lastAt = max(record.lastAt, time)
        records[key] = record
        return record
    }

    /// With nothing of it that the target can choose.
    private static func summary(of denial: Denial) -> Denial {
        Denial(
            code: denial.code, layer: denial.layer, rule: denial.rule,
            subject: "what came after \(capacity) different denials",
            hint: "the hints of those before it say what to do about the like")
    }
}

import HoopxCore

/// What of the denials of a session has been told in events, and what is to be.
///
/// Different denials can be the same one once they are masked: they are counted together.
struct DenialLedger {
    private struct Account {
        var record: DenialRecord
        var interval: RepetitionInterval?
        var isTold = false
    }

    private var accounts: [Denial: Account] = [:]
    /// By what they were before they were masked: how much of their count is in their account.
    private var counted: [Denial: Int64] = [:]

    /// Takes the new count of a denial.
    mutating func add(_ denial: DenialRecord, masked: Denial) {
        let fresh = denial.count - counted.updateValue(denial.count, forKey: denial.denial, default: 0)
        if var account = accounts[masked] {
            account.record.count += fresh
            account.record.lastAt = max(account.record.lastAt, denial.lastAt)
            account.isTold = false
            accounts[masked] = account
        } else {
            accounts[masked] = Account(
                record: DenialRecord(denial: masked, count: fresh, firstAt: denial.firstAt, lastAt: denial.lastAt))
        }
    }

    /// Whether something is left to be told.
    var hasUntold: Bool { accounts.values.contains { !$0.isTold } }

    /// What is to be told now: at once what is new, what repeats itself at its intervals.
    ///
    /// - Parameter all: regardless of the intervals.
    mutating func takeDue(at now: Timestamp, all: Bool) -> [DenialRecord] {
        var due: [DenialRecord] = []
        for (denial, account) in accounts where !account.isTold {
            guard all || account.interval?.isDue(at: now) != false else { continue }
            var account = account
            account.isTold = true
            if account.interval == nil {
                account.interval = RepetitionInterval(first: now)
            } else {
                account.interval?.told(at: now)
            }
            accounts[denial] = account
            due.append(account.record)
        }
        return due.sorted { $0.firstAt < $1.firstAt }
    }
}

extension Dictionary {
    fileprivate mutating func updateValue(_ value: Value, forKey key: Key, default previous: Value) -> Value {
        updateValue(value, forKey: key) ?? previous
    }
}

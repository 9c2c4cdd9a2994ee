import GRDB
import HoopxCore

extension SQLiteAuditStore {
    /// Puts a session on legal hold, or ends that.
    ///
    /// - Parameter principal: whoever does it, for the event.
    /// - Returns: whether that changes anything; else nothing is recorded.
    public func record(_ hold: LegalHoldRecord, for principal: Principal) throws(HoopxError) -> Bool {
        var changes = false
        try transaction { database, state in
            let isHeld =
                try database.run("SELECT 1 FROM legal_hold WHERE session = ?") {
                    $0.bind(hold.session.description)
                } != nil
            changes = isHeld != hold.isHeld
            guard changes else { return }
            try log.append(.legalHold(hold), for: EventPrincipal(principal), to: &state, in: database)
        }
        return changes
    }

    /// Records an error that comes after the end of a session, or belongs to none.
    public func record(_ error: ErrorRecord, for principal: Principal) throws(HoopxError) {
        try transaction { database, state in
            try log.append(.error(error), for: EventPrincipal(principal), to: &state, in: database)
        }
    }
}

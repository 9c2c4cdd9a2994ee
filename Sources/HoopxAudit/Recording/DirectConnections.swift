import HoopxCore

/// The connections of a session that went past hoopx, to servers of this machine.
///
/// A target can make thousands of them in a second. Beyond a number of them they are counted, by where they lead, so that
/// neither the memory nor the disk fills with them: the configuration bounds how many places that can be.
struct DirectConnections {
    /// How many are told apart.
    static let capacity = 10_000

    private struct Group {
        var record: ConnectionRecord
        /// nil until it was told for the first time.
        var interval: RepetitionInterval?
        var isTold = false
    }

    private var toldApart = 0
    private var groups: [ConnectionRecord.Endpoint: Group] = [:]

    /// Takes a connection.
    ///
    /// - Parameters:
    ///   - connection: without a number of its own.
    ///   - number: gives a record its number.
    /// - Returns: what is to be recorded now; nil where it counts in what `takeDue` tells.
    mutating func add(_ connection: DirectConnection, at time: Timestamp, number: () -> Int64) -> ConnectionRecord? {
        if toldApart < Self.capacity {
            toldApart += 1
            return ConnectionRecord(
                number: number(), destination: connection.destination, pid: connection.pid,
                command: connection.command, openedAt: time, verdict: .direct(rule: connection.rule))
        }
        let place = connection.destination.place
        var group =
            groups[place]
            ?? Group(
                record: ConnectionRecord(
                    number: number(), destination: place, pid: nil, command: nil, openedAt: time,
                    verdict: .direct(rule: connection.rule), count: 0))
        group.record.count += 1
        group.isTold = false
        groups[place] = group
        return nil
    }

    /// Whether something is left to be told.
    var hasUntold: Bool { groups.values.contains { !$0.isTold } }

    /// What is to be told now of those that are counted: at once what is new, what goes on at its intervals.
    ///
    /// - Parameter all: regardless of the intervals.
    mutating func takeDue(at now: Timestamp, all: Bool) -> [ConnectionRecord] {
        var due: [ConnectionRecord] = []
        for (place, group) in groups where !group.isTold {
            guard all || group.interval?.isDue(at: now) != false else { continue }
            var group = group
            group.isTold = true
            if group.interval == nil { group.interval = RepetitionInterval(first: now) }
            group.interval?.told(at: now)
            groups[place] = group
            due.append(group.record)
        }
        return due.sorted { $0.number < $1.number }
    }
}

/// A connection that goes past hoopx.
struct DirectConnection {
    let destination: ConnectionRecord.Endpoint
    let rule: String
    let pid: Int32
    let command: String
}

extension ConnectionRecord.Endpoint {
    /// Where it leads, for those that are counted: 127.0.0.1 stands for all of 127.0.0.0/8, of which a target could use
    /// each address once.
    fileprivate var place: ConnectionRecord.Endpoint {
        guard case .host(let destination) = self, case .address(let address) = destination.host, address.isLoopback
        else { return self }
        let host = Destination.Host.address(address.isV4 ? .loopback : .loopbackV6)
        return .host(Destination(host: host, port: destination.port))
    }
}

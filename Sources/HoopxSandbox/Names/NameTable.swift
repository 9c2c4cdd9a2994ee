import HoopxCore
import Synchronization

/// Gives each name that the target resolves an address of its own, so that a connection to the address is known by
/// its name.
///
/// The addresses are from 198.18.0.0/15, which no host on the internet has (RFC 2544, appendix C.2.2). A name keeps its
/// address, and an address its name, for the whole session: an old address can never stand for another name.
public final class NameTable: Sendable {
    private struct State {
        var numbers: [DomainName: Int] = [:]
        var names: [DomainName] = []
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: how many names it takes, 1 to 131,070. The target chooses the names, so there must be an end.
    public init(capacity: Int = 1 << 16) {
        self.capacity = min(capacity, Self.last - Self.first + 1)
    }

    // Offsets in the range; its first and last address look like a network's and a broadcast address.
    private static let first = 1
    private static let last = (1 << 17) - 2

    /// The name's address, the same at each call; nil where the table is full.
    public func address(for name: DomainName) -> IPAddress? {
        let number = state.withLock { state -> Int? in
            if let number = state.numbers[name] { return number }
            guard state.names.count < capacity else { return nil }
            let number = state.names.count
            state.names.append(name)
            state.numbers[name] = number
            return number
        }
        return number.flatMap { number in
            let offset = number + Self.first
            return IPAddress(bytes: [198, UInt8(18 + offset >> 16), UInt8(offset >> 8 & 0xff), UInt8(offset & 0xff)])
        }
    }

    /// The name that an address was given to.
    public func name(of address: IPAddress) -> DomainName? {
        let bytes = address.bytes
        guard address.isV4, bytes[0] == 198, bytes[1] & 0xfe == 18 else { return nil }
        let number = (Int(bytes[1] & 1) << 16 | Int(bytes[2]) << 8 | Int(bytes[3])) - Self.first
        return state.withLock { state in state.names.indices.contains(number) ? state.names[number] : nil }
    }
}

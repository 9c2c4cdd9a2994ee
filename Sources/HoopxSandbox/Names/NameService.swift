import HoopxCore
import Synchronization

/// Answers the target's DNS queries. No query leaves the machine: a name that no rule names does not exist, and the others
/// are looked up only once a connection to them was allowed, because labels alone could carry data out.
final class NameService: Sendable {
    /// The port of DNS, over UDP and TCP (RFC 1035, 4.2).
    static let port: UInt16 = 53

    let table: NameTable
    /// The domains that resolvers try behind a name before, or after, the name itself (resolv.conf(5)).
    let searchDomains: [DomainName]
    /// This machine's own name, which is answered like localhost; nil where it has none that DNS could carry.
    let hostName: DomainName?
    /// Whether a rule names the host.
    let mayReach: @Sendable (DomainName) -> Bool
    /// Told of each name that was refused.
    let onRefusal: @Sendable (DomainName) -> Void
    private let lastRefused = Mutex<DomainName?>(nil)

    init(
        table: NameTable, searchDomains: [DomainName], hostName: DomainName? = nil,
        mayReach: @escaping @Sendable (DomainName) -> Bool,
        onRefusal: @escaping @Sendable (DomainName) -> Void
    ) {
        self.table = table
        self.searchDomains = searchDomains
        self.hostName = hostName
        self.mayReach = mayReach
        self.onRefusal = onRefusal
    }

    /// The answer to a message, nil where it deserves none.
    func respond(to message: [UInt8]) -> [UInt8]? {
        do throws(DNSQuery.Flaw) {
            let query = try DNSQuery(message)
            return answer(to: query).message(to: query)
        } catch {
            return DNSAnswer.message(to: error)
        }
    }

    /// The one place that decides what a name resolves to.
    func answer(to query: DNSQuery) -> DNSAnswer {
        if let version = query.ednsVersion, version > 0 { return .failure(.badVersion) }
        let text = query.labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
        // A dot inside a label would make another name of it.
        guard !query.labels.contains(where: { $0.contains(UInt8(ascii: ".")) }), let name = DomainName(text) else {
            return .failure(.nameError)
        }
        if isName(name, under: "localhost") || name == hostName { return localhost(query.type) }
        if Self.unanswered.contains(where: { isName(name, under: $0) }) { return .failure(.nameError) }
        guard mayReach(name) else {
            refuse(name, query.type)
            return .failure(.nameError)
        }
        guard query.type == DNSQuery.RecordType.a || query.type == DNSQuery.RecordType.any else { return .noData }
        guard let address = table.address(for: name) else { return .failure(.serverFailure) }
        return .address(address.bytes)
    }

    /// Tells of a refusal that somebody meant: not of api.anthropic.com.<search domain>, which a resolver tries by itself,
    /// nor of the IPv6 address of a name whose other address was asked for just before, nor of a service of a host that
    /// can be reached without (_http._tcp.deb.debian.org, which apt tries).
    private func refuse(_ name: DomainName, _ type: UInt16) {
        guard name.host == name || !mayReach(name.host) else { return }
        guard !searchDomains.contains(where: { isName(name, under: $0.description) }) else { return }
        let isSecondHalf = lastRefused.withLock { last in
            defer { last = name }
            return last == name && type == DNSQuery.RecordType.aaaa
        }
        if !isSecondHalf { onRefusal(name) }
    }

    /// Names that no resolver answers (RFC 6761, 6.4; RFC 7686), and the reverse trees: an address has no name but the
    /// one that hoopx gave it to.
    private static let unanswered = ["invalid", "onion", "in-addr.arpa", "ip6.arpa"]

    private func isName(_ name: DomainName, under zone: String) -> Bool {
        name.description == zone || name.description.hasSuffix("." + zone)
    }

    /// RFC 6761, 6.3: the names under localhost are this machine; and so is its own, where /etc/hosts does not have it.
    private func localhost(_ type: UInt16) -> DNSAnswer {
        switch type {
        case DNSQuery.RecordType.a, DNSQuery.RecordType.any: .address([127, 0, 0, 1])
        case DNSQuery.RecordType.aaaa: .address([UInt8](repeating: 0, count: 15) + [1])
        default: .noData
        }
    }
}

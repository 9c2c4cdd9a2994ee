import HoopxCore
import Testing

@testable import HoopxSandbox

@Suite struct NameTableTests {
    private func name(_ text: String) throws -> DomainName { try #require(DomainName(text)) }

    @Test func aNameKeepsItsAddressAndAnAddressItsName() throws {
        let table = NameTable()
        let first = try #require(table.address(for: name("a.example")))
        let second = try #require(table.address(for: name("b.example")))
        #expect(first.description == "198.18.0.1")
        #expect(second.description == "198.18.0.2")
        #expect(table.address(for: try name("A.EXAMPLE.")) == first)
        #expect(table.name(of: first) == (try name("a.example")))
        #expect(table.name(of: second) == (try name("b.example")))
    }

    @Test func addressesThatWereNotGivenHaveNoName() throws {
        let table = NameTable()
        _ = table.address(for: try name("a.example"))
        let others = ["198.18.0.0", "198.18.0.2", "198.19.255.255", "198.20.0.1", "198.17.0.1", "2001:db8::1"]
        for text in others {
            #expect(table.name(of: try #require(IPAddress(text))) == nil)
        }
    }

    @Test func aFullTableTakesNoMoreNames() throws {
        let table = NameTable(capacity: 2)
        _ = table.address(for: try name("a.example"))
        _ = table.address(for: try name("b.example"))
        #expect(table.address(for: try name("c.example")) == nil)
        #expect(table.address(for: try name("a.example")) != nil)
    }

    @Test func theAddressesOfALargeTableAreDistinctAndLeadBack() throws {
        let table = NameTable(capacity: 1 << 20)
        var seen: Set<IPAddress> = []
        for number in 0..<131_070 {
            let name = try name("n\(number).example")
            let address = try #require(table.address(for: name))
            seen.insert(address)
            #expect(table.name(of: address) == name)
        }
        #expect(seen.count == 131_070)
        #expect(table.address(for: try name("more.example")) == nil)
        #expect(seen.contains(try #require(IPAddress("198.19.255.254"))))
    }
}

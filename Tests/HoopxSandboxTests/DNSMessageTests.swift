import HoopxCore
import Synchronization
import Testing

@testable import HoopxSandbox

@Suite struct DNSMessageTests {
    private let service = NameService(
        table: NameTable(), searchDomains: [], mayReach: { _ in true }, onRefusal: { _ in })

    private func query(
        _ name: String, type: UInt16 = 1, flags: UInt16 = 0x0100, classNumber: UInt16 = 1, additional: [UInt8] = []
    ) -> [UInt8] {
        var message: [UInt8] = [0x12, 0x34, UInt8(flags >> 8), UInt8(flags & 0xff), 0, 1, 0, 0, 0, 0, 0]
        message.append(additional.isEmpty ? 0 : 1)
        for label in name.split(separator: ".") { message += [UInt8(label.utf8.count)] + Array(label.utf8) }
        return message + [0, UInt8(type >> 8), UInt8(type & 0xff), 0, UInt8(classNumber)] + additional
    }

    private func code(_ message: [UInt8]) -> UInt8? { service.respond(to: message).map { $0[3] & 0xf } }

    @Test func aNameIsAnsweredWithItsAddress() throws {
        let message = query("API.example.com")
        let answer = try #require(service.respond(to: message))
        #expect(Array(answer[..<12]) == [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
        #expect(Array(answer[12..<message.count]) == Array(message[12...]), "the question comes back letter by letter")
        #expect(
            Array(answer[message.count...]) == [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 18, 0, 1])
    }

    @Test func otherRecordsOfANameAreNoData() {
        for type in [UInt16(28), 15, 16, 33, 65] {
            let answer = service.respond(to: query("example.com", type: type))
            #expect(answer?[3] == 0x80 && answer?[7] == 0)
        }
    }

    @Test func namesThatAreNoHostNamesDoNotExist() {
        #expect(code(query("bad!name.example")) == 3)
        #expect(code(query("-a.example")) == 3)
        #expect(code(query("127.0.0.1")) == 3)
        #expect(code(query("")) == 3)
        #expect(code(query("1.0.18.198.in-addr.arpa", type: 12)) == 3)
        #expect(code(query("hidden.onion")) == 3)
        let dotInLabel: [UInt8] = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 97, 46, 98, 3, 99, 111, 109, 0, 0, 1, 0, 1]
        #expect(code(dotInLabel) == 3)
    }

    @Test func localhostIsTheMachineItself() {
        #expect(service.respond(to: query("localhost"))?.suffix(4) == [127, 0, 0, 1])
        let answer = service.respond(to: query("x.localhost", type: 28))
        #expect(answer?.suffix(16) == [UInt8](repeating: 0, count: 15) + [1])
    }

    @Test func theMachinesOwnNameIsTheMachineItself() {
        let service = NameService(
            table: NameTable(), searchDomains: [], hostName: DomainName("builder-7"), mayReach: { _ in false },
            onRefusal: { _ in Issue.record("it is no way out") })
        #expect(service.respond(to: query("builder-7"))?.suffix(4) == [127, 0, 0, 1])
    }

    @Test func aFullTableIsAServerFailure() {
        let full = NameService(
            table: NameTable(capacity: 1), searchDomains: [], mayReach: { _ in true }, onRefusal: { _ in })
        #expect(full.respond(to: query("a.example"))?[3] == 0x80)
        #expect(full.respond(to: query("b.example"))?[3] == 0x82)
    }

    @Test func aNameThatNoRuleNamesDoesNotExistAndThatIsToldOncePerLookup() throws {
        let refused = Mutex<[String]>([])
        let domains = SearchDomains.parse("search svc.cluster.local corp.example\nnameserver 10.0.0.10\n")
        let allowed = ["git.corp.example", "api.anthropic.com"]
        let service = NameService(
            table: NameTable(), searchDomains: domains, mayReach: { allowed.contains($0.description) },
            onRefusal: { name in refused.withLock { $0.append(name.description) } })
        func code(_ name: String, _ type: UInt16 = 1) -> UInt8? {
            service.respond(to: query(name, type: type)).map { $0[3] & 0xf }
        }

        #expect(code("git.corp.example") == 0)
        #expect(code("api.anthropic.com") == 0)
        #expect(code("evil.example") == 3)
        #expect(code("evil.example", 28) == 3, "what getaddrinfo(3) asks beside it")
        #expect(code("evil.example") == 3)
        #expect(code("data.evil.example", 28) == 3)
        #expect(code("data.evil.example", 16) == 3)
        // What a resolver tries by itself.
        #expect(code("api.anthropic.com.svc.cluster.local") == 3)
        #expect(code("api.anthropic.com.corp.example") == 3)
        #expect(
            refused.withLock { $0 } == ["evil.example", "evil.example", "data.evil.example", "data.evil.example"])
        #expect(service.table.name(of: try #require(IPAddress("198.18.0.3"))) == nil, "a refused name gets no address")
    }

    @Test func aServiceIsNotToldOfWhereItsHostCanBeReachedWithoutIt() {
        let refused = Mutex<[String]>([])
        let service = NameService(
            table: NameTable(), searchDomains: [], mayReach: { $0.description == "deb.example" },
            onRefusal: { name in refused.withLock { $0.append(name.description) } })
        for name in ["_http._tcp.deb.example", "_http._tcp.evil.example", "_x.deb.example.evil.example"] {
            #expect(service.respond(to: query(name, type: 33)).map { $0[3] & 0xf } == 3, "\(name)")
        }
        #expect(refused.withLock { $0 } == ["_http._tcp.evil.example", "_x.deb.example.evil.example"])
    }

    @Test func theLastLineWithSearchDomainsCounts() {
        #expect(
            SearchDomains.parse("domain a.example\nsearch b.example c.example.\n").map(\.description) == [
                "b.example", "c.example",
            ])
        #expect(SearchDomains.parse("search .\n# search x.example\noptions ndots:5").isEmpty)
    }

    @Test func whatIsNoQueryGetsNoAnswer() {
        #expect(service.respond(to: []) == nil)
        #expect(service.respond(to: Array(query("example.com").prefix(11))) == nil)
        #expect(service.respond(to: query("example.com", flags: 0x8100)) == nil)
    }

    @Test func whatCannotBeReadIsAFormatError() {
        let good = query("example.com")
        for length in 12..<good.count { #expect(code(Array(good[..<length])) == 1) }
        var compressed = query("example.com")
        compressed[12] = 0xc0
        #expect(code(compressed) == 1)
        var twoQuestions = good
        twoQuestions[5] = 2
        #expect(code(twoQuestions) == 1)
        let long = Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: ".")
        #expect(code(query(long)) == 1)
    }

    @Test func otherOperationsAndClassesAreDeclined() {
        #expect(code(query("example.com", flags: 0x2800)) == 4)
        #expect(code(query("example.com", classNumber: 3)) == 5)
    }

    @Test func anExtendedQueryGetsAnExtendedAnswer() throws {
        let plain: [UInt8] = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]
        let answer = try #require(service.respond(to: query("example.com", additional: plain)))
        #expect(answer[11] == 1)
        #expect(answer.suffix(11) == [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])
        var later = plain
        later[6] = 1
        let declined = try #require(service.respond(to: query("example.com", additional: later)))
        // BADVERS is 16: its upper part is in the record.
        #expect(declined[3] & 0xf == 0 && declined[declined.count - 6] == 1)
    }

    @Test func noBytesMakeItFail() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var message = query("example.com", additional: [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let position = Int.random(in: 2..<message.count, using: &generator)
                message[position] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { message = Array(message.prefix(Int.random(in: 0...message.count))) }
            let answer = service.respond(to: message)
            #expect(answer == nil || answer?[2] ?? 0 & 0x80 != 0)
        }
    }
}

import Testing

@testable import HoopxSandbox

/// Bytes that no resolver sends: each gets the answer that a name server gives to such, or silence, and the service goes
/// on. What is made up is the same in each run.
@Suite struct DNSFuzzTests {
    private let service = NameService(
        table: NameTable(), searchDomains: [], mayReach: { _ in true }, onRefusal: { _ in })

    /// Steele, Lea and Flood's SplitMix64.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
            return word ^ word >> 31
        }
    }

    private static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func message(
        _ question: [UInt8], counts: [UInt8] = [1, 0, 0, 0], _ more: [UInt8] = []
    ) -> [UInt8] {
        [0x12, 0x34, 1, 0] + counts.flatMap { [0, $0] } + question + more
    }

    private static let question = name("api.Example.com") + [0, 1, 0, 1]
    private static let edns: [UInt8] = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]

    /// What holds for each answer to each message.
    private func check(_ message: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        guard let answer = service.respond(to: message) else {
            #expect(message.count < 12 || message[2] & 0x80 != 0, "\(message)", sourceLocation: sourceLocation)
            return
        }
        let isSound =
            answer.count >= 12 && answer[..<2] == message[..<2] && answer[2] & 0x80 != 0
            // The operation and the wish for recursion come back; nothing is cut off, nothing claims authority.
            && answer[2] & 0x7f == message[2] & 0x79 && answer.count <= 512
            && [0, 1, 2, 3, 4, 5].contains(answer[3] & 0xf) && isWhole(answer)
        #expect(isSound, "\(message) -> \(answer)", sourceLocation: sourceLocation)
    }

    /// Whether an answer holds what its header announces, and nothing else.
    private func isWhole(_ answer: [UInt8]) -> Bool {
        var position = 12
        func skipName() -> Bool {
            while position < answer.count {
                let count = Int(answer[position])
                position += count & 0xc0 == 0xc0 ? 2 : count + 1
                if count == 0 || count & 0xc0 == 0xc0 { return true }
            }
            return false
        }
        for _ in 0..<answer[5] {
            guard skipName() else { return false }
            position += 4
        }
        for _ in 0..<Int(answer[7]) + Int(answer[9]) + Int(answer[11]) {
            guard skipName(), position + 10 <= answer.count else { return false }
            position += 10 + Int(answer[position + 8]) << 8 + Int(answer[position + 9])
        }
        return position == answer.count && answer[4] == 0 && answer[6] == 0 && answer[8] == 0 && answer[10] == 0
    }

    @Test func changedBytesGetAnAnswerThatIsWhole() {
        var sequence = Sequence(state: 1)
        let seeds = [
            Self.message(Self.question), Self.message(Self.question, counts: [1, 0, 0, 1], Self.edns),
            Self.message(Self.name("localhost") + [0, 28, 0, 1], counts: [1, 0, 0, 1], Self.edns),
            Self.message([0, 0, 255, 0, 1]),
        ]
        for round in 0..<40_000 {
            var message = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...6, using: &sequence) {
                let position = Int.random(in: 2..<message.count, using: &sequence)
                let odd: [UInt8] = [0, 1, 3, 41, 63, 64, 0x7f, 0x80, 0xc0, 0xff]
                message[position] =
                    Bool.random(using: &sequence)
                    ? odd[Int.random(in: 0..<odd.count, using: &sequence)] : UInt8.random(in: 0...255, using: &sequence)
            }
            if round % 3 == 0 { message = Array(message.prefix(Int.random(in: 0...message.count, using: &sequence))) }
            if round % 7 == 0 { message += message }
            check(message)
        }
    }

    @Test func namesThatPointIntoThemselvesAreAFormatError() {
        for pointer: [UInt8] in [
            [0xc0, 12], [0xc0, 0], [0xff, 0xff], [0xc0, 14], [3, 97, 98, 99, 0xc0, 12], [0x40], [0x80],
        ] {
            let message = Self.message(pointer + [0, 1, 0, 1])
            check(message)
            #expect(service.respond(to: message)?[3] == 0x81)
        }
        let record = [0xc0, 12] + Self.edns.dropFirst()
        #expect(service.respond(to: Self.message(Self.question, counts: [1, 0, 0, 1], Array(record)))?[3] == 0x81)
    }

    @Test func countsThatPromiseMoreOrOtherThingsAreAFormatError() {
        for counts: [UInt8] in [
            [0, 0, 0, 0], [2, 0, 0, 0], [255, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 255],
        ] {
            let message = Self.message(Self.question + Self.question, counts: counts, Self.edns)
            check(message)
            #expect(service.respond(to: message)?[3] == 0x81)
        }
        var many = Self.message([], counts: [0, 0, 0, 0])
        many[4] = 0xff
        for _ in 0..<3_000 { many += Self.question }
        check(many)
        check(Array(many.prefix(65_535)))
    }

    @Test func whatFollowsTheLastRecordChangesNothing() {
        let plain = Self.message(Self.question)
        #expect(
            service.respond(to: plain + [UInt8](repeating: 0xff, count: 65_535 - plain.count))
                == service.respond(to: plain))
    }

    @Test func odditiesOfEDNSAreAnsweredAsInRFC6891() throws {
        func code(_ records: [UInt8], count: UInt8) throws -> [UInt8] {
            let message = Self.message(Self.question, counts: [1, 0, 0, count], records)
            check(message)
            let answer = try #require(service.respond(to: message))
            return [answer[3] & 0xf, answer[11] == 1 ? answer[answer.count - 6] : 0]
        }
        var (tiny, flagged, later, long) = (Self.edns, Self.edns, Self.edns, Self.edns)
        tiny.replaceSubrange(3...4, with: [0, 0])  // fewer bytes than any message has: taken for 512
        flagged.replaceSubrange(7...8, with: [0xff, 0xff])
        later[6] = 255
        long[10] = 1
        let options = Self.edns.dropLast(2) + [0, 8, 0, 10, 0, 4, 1, 2, 3, 4]
        #expect(try code(tiny, count: 1) == [0, 0])
        #expect(try code(flagged, count: 1) == [0, 0])
        #expect(try code(Array(options), count: 1) == [0, 0])
        #expect(try code(later, count: 1) == [0, 1], "BADVERS")
        #expect(try code(long, count: 1) == [1, 0], "a record that is longer than the message")
        #expect(try code(Self.edns + Self.edns, count: 2) == [1, 0], "two of them")
        #expect(try code(Self.name("x") + Self.edns.dropFirst(), count: 1) == [1, 0], "the root's only")
    }

    @Test(arguments: [
        "a\u{0}.example.com", "a\r\n.example.com", "a b.example.com", "f\u{ef}les.example.com", "-a.example.com",
        "a-.example.com", "a*.example.com", "*.example.com", "127.1", "0x7f.0x1", "2130706433", "0177.0.0.1",
        "1.2.3.0x4",
        "fe80::1%lo", "::ffff:127.0.0.1", "[::1]", "a/b", "a@b",
    ])
    func whatIsNoHostNameDoesNotExist(text: String) {
        let message = Self.message(Self.name(text) + [0, 1, 0, 1])
        check(message)
        #expect(service.respond(to: message)?[3] == 0x83)
    }

    @Test func everySpellingOfANameHasItsAddress() throws {
        let first = try #require(
            service.respond(to: Self.message(Self.name("xn--fles-vpa.example.com") + [0, 1, 0, 1])))
        for text in ["XN--FLES-VPA.EXAMPLE.COM", "xN--FlEs-VpA.eXaMpLe.cOm"] {
            let message = Self.message(Self.name(text) + [0, 1, 0, 1])
            let answer = try #require(service.respond(to: message))
            #expect(answer.suffix(4) == first.suffix(4))
            #expect(answer[12..<message.count] == message[12...], "in the letters that were used (0x20)")
        }
    }
}

import HoopxMasking
import Testing

struct TextScannerTests {
    private let engine: MaskingEngine

    init() throws { engine = try MaskingEngine(ScanningFixture.detectors) }

    private func found(_ text: String, _ mode: TextScanner.Mode = .text) -> [String] {
        let scanner = TextScanner(engine, mode: mode)
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        #expect(scanner.settled == bytes.count)
        return scanner.findings.map { "\($0.entity)=\(String(decoding: bytes[$0.range], as: UTF8.self))" }
    }

    @Test func findsEachKindOfValueWithItsExactBorders() {
        #expect(found("pay with 4111 1111 1111 1111, please") == ["CARD=4111 1111 1111 1111"])
        #expect(found("write to bob@example.com.") == ["MAIL=bob@example.com."])
        #expect(found("HELLO DE89 3704 0044 0532 0130 00 hello") == ["ACCOUNT=DE89 3704 0044 0532 0130 00"])
        #expect(found("{\"password\": \"hunter2\"}") == ["PASSWORD=hunter2"])
        #expect(
            found("a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb").first?.hasPrefix(
                "KEY=\nMII") == true)
    }

    @Test func aBlockBeginsWhereItsRecogniserSaysAndIsFoundWhole() {
        let long = String(repeating: "x", count: 3000)
        #expect(found("Authorization: Bearer \(long), more") == ["BEARER=xxxx", "BEARER=\(long.dropLast(4))"])
    }

    @Test func aLongTokenIsACandidateOnce() {
        #expect(found("md5 0123456789abcdef0123456789abcdef.") == ["DIGEST=0123456789abcdef0123456789abcdef"])
        #expect(found("0123456789abcdef0123456789abcde 0123456789abcdef") == [])
    }

    @Test func aWeakPatternIsAFindingOnlyWithAContextWordBeforeIt() {
        #expect(found("it was 4711 then") == [])
        #expect(found("PIN 4711") == ["NUMBER=4711"])
        #expect(found("spin 4711") == [])
        #expect(found("userPin=4711") == ["NUMBER=4711"])
        #expect(found("my secret_number is 4711") == ["NUMBER=4711"])
        #expect(found("secretNumber: 4711") == ["NUMBER=4711"])
        #expect(found("4711 is my pin") == [])
    }

    @Test func seesThroughEscapesOfJSON() {
        #expect(found("\"\\u0034111 1111 1111 111\\u0031\"", .json) == ["CARD=\\u0034111 1111 1111 111\\u0031"])
        #expect(found("\"bob\\u0040example.com\"", .json) == ["MAIL=bob\\u0040example.com"])
        #expect(found("\"\\nbob@example.com\\n\"", .json) == ["MAIL=bob@example.com"])
        #expect(found("\"\\\\nbob@example.com\\\\n\"", .json) == ["MAIL=bob@example.com"])
        #expect(found("\"{\\\"password\\\": \\\"hunter2\\\"}\"", .json) == ["PASSWORD=hunter2"])
    }

    @Test func seesThroughUnicodeDigitsAndSeparators() {
        #expect(found("４１１１ １１１１ １１１１ １１１１.") == ["CARD=４１１１ １１１１ １１１１ １１１１"])
        #expect(found("٤١١١ ١١١١ ١١١١ ١١١١.") == ["CARD=٤١١١ ١١١١ ١١١١ ١١١١"])
        #expect(found("4111\u{A0}1111\u{2009}1111\u{202F}1111.") == ["CARD=4111\u{A0}1111\u{2009}1111\u{202F}1111"])
        #expect(found("4111\u{2011}1111\u{2013}1111\u{2212}1111.") == ["CARD=4111\u{2011}1111\u{2013}1111\u{2212}1111"])
        #expect(found("4111\u{200B}11111111\u{FEFF}1111.") == ["CARD=4111\u{200B}11111111\u{FEFF}1111"])
        #expect(found("卡号4111111111111111是") == ["CARD=4111111111111111"])
        #expect(found("\"4111\\u00a01111\\u20031111 1111\"", .json) == ["CARD=4111\\u00a01111\\u20031111 1111"])
    }

    @Test func seesThroughPercentEscapes() {
        #expect(found("?to=bob%40example.com&x=1") == ["MAIL=bob%40example.com"])
        #expect(found("?card=4111%201111%201111%20111%31&x=1") == ["CARD=4111%201111%201111%20111%31"])
    }

    @Test func seesThroughBase64OfText() throws {
        // "send the money of bob@example.com to alice, please"
        let text = "c2VuZCB0aGUgbW9uZXkgb2YgYm9iQGV4YW1wbGUuY29tIHRvIGFsaWNlLCBwbGVhc2U="
        #expect(
            found("data:text/plain;base64,\(text) and more") == ["MAIL=Ym9iQGV4YW1wbGUuY29t"])
        let scanner = TextScanner(engine, mode: .json)
        Array("\"\(text)\"".utf8).withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        #expect(scanner.findings.map(\.value) == [Array("bob@example.com".utf8)])
    }

    @Test func findsALongTokenWhereverItBegins() {
        let digest = "0123456789abcdef0123456789ABCDEF"
        for gap in 0...140 {
            for before in [0, 1, 23] {
                let text = String(repeating: ".", count: gap) + String(repeating: "a", count: before) + " "
                for behind in ["", String(repeating: " z", count: 100)] {
                    #expect(found(text + digest + behind) == ["DIGEST=\(digest)"], "\(gap), \(before)")
                }
            }
        }
    }

    @Test func theSameValueIsTheSameHoweverItIsWritten() {
        let scanner = TextScanner(engine, mode: .json)
        Array("\"bob@example.com\", \"bob\\u0040example.com\", \"bob%40example.com\", \"ｂob@example．com\"".utf8)
            .withUnsafeBytes {
                scanner.append($0)
            }
        scanner.finish()
        #expect(scanner.findings.map(\.value) == Array(repeating: Array("bob@example.com".utf8), count: 4))
    }

    @Test func anAllowedValueIsNoFinding() throws {
        let engine = try MaskingEngine(ScanningFixture.detectors, allowing: ["support@example.com"])
        let scanner = TextScanner(engine, mode: .text)
        Array("Support@Example.com, bob@example.com".utf8).withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        #expect(scanner.findings.map(\.range) == [21..<36])
    }

    @Test func aFindingOfJSONNeverHoldsTheBorderOfAString() throws {
        let wide = Detector(
            EntityType(rawValue: "WIDE"), [.init("begin[^z]{1,40}end")], extent: .bounded(64), run: .init(.all),
            lookahead: 1,
            confidence: .low
        ) {
            candidate in
            guard let start = (0..<candidate.matchEnd).last(where: { candidate.text[$0...].starts(with: "begin".utf8) })
            else { return nil }
            return start..<candidate.matchEnd
        }
        let scanner = TextScanner(try MaskingEngine([wide]), mode: .json)
        let text = Array("[\"begin \\\"\",\"end\"]".utf8)
        text.withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        #expect(scanner.findings.map { String(decoding: text[$0.range], as: UTF8.self) } == ["begin \\\"", ",", "end"])
    }
}

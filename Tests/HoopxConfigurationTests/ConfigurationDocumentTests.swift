import HoopxCore
import Testing

@testable import HoopxConfiguration

@Suite struct ConfigurationDocumentTests {
    @Test(arguments: [
        ("version: 1\nversion: 1\n", "1:1: the key version stands more than once in one mapping"),
        ("version: 1\negress: {tunnel: []}\negress: {}\n", "2:1: the key egress stands more than once in one mapping"),
        ("", "1:1: the file is empty"),
        ("# nothing\n", "1:1: the file is empty"),
        (
            "- version\n",
            "1:1: expected the file, a mapping of keys to values: version, identity, session, connections, egress, filesystem, masking, audit"
        ),
        ("connections: {}\n", "1:1: expected the key version"),
        ("version: 2\n", "1:10: expected version 1, the only one there is"),
        ("version: [1]\n", "1:10: expected version, a text"),
        ("version: 1\n[a]: 1\n", "2:1: expected a plain word as a key"),
        ("version: 1\n---\nversion: 1\n", "2:1: but found another document"),
    ])
    func theErrorSaysWhereAndWhatWasExpected(text: String, found: String) {
        #expect(refused(text)?.found == found)
    }

    @Test func aMistypedKeyIsNamedWithTheRightOne() throws {
        let top = try #require(refused("version: 1\nconections: {}\n"))
        #expect(top.found == "2:1: unknown key conections")
        #expect(top.hint == "did you mean connections?")
        let inner = try #require(refused("version: 1\nconnections:\n  claude:\n    upstraem: https://a.example\n"))
        #expect(inner.found == "4:5: unknown key upstraem in connections.claude")
        #expect(inner.hint == "did you mean upstream?")
        let strange = try #require(refused("version: 1\negress: {blocklist: []}\n"))
        #expect(strange.hint == "the keys here are default, tunnel, loopback, listen, unix")
    }

    @Test func tabsAreNamedAsSuch() throws {
        let refusal = try #require(refused("version: 1\negress:\n\tdefault: deny\n"))
        #expect(refusal.found.hasPrefix("3:1: "))
        #expect(refusal.hint == "indent with spaces: YAML does not take tabs")
    }

    @Test func aBareStarIsExplained() throws {
        let refusal = try #require(refused("version: 1\negress:\n  tunnel:\n    - *.debian.org:443\n"))
        #expect(refusal.hint?.contains("in quotes") == true)
    }

    @Test func anAliasBombDoesNotGoOff() throws {
        var text = "version: 1\na0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a60\n: 1\n"
        let refusal = try #require(refused(text))
        #expect(refusal.found == "2:5: anchors (&name) and aliases are not supported")
    }

    @Test(arguments: [
        "version: 1\n? &a [x]\n: *a\n", "version: 1\negress: {tunnel: [&a x, *a]}\n", "version: &v 1\n",
        "version: 1\na: b\n \"c\n  d &e\": &e f\n", "version: 1\n!!str &a b: c\n",
    ])
    func noAnchorIsOverlooked(text: String) {
        #expect(refused(text)?.found.contains("anchors") == true)
    }

    @Test func anAmpersandWithinAWordIsNoAnchor() throws {
        let configuration = try parse(
            "# R &D\nversion: 1\nconnections:\n  x:\n    type: http\n    hosts: [a.example]\n    credential: {source: file, path: a&b, header: X, format: 'a&{token}'}\n"
        )
        #expect(configuration.connections.count == 2)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func deepNestingIsRefused(opening: String) {
        let text = "version: 1\negress: " + String(repeating: opening, count: 100_000)
        #expect(throws: HoopxError.self) { try parse(text) }
    }

    @Test(arguments: ["version: 1\u{0}", "version: \u{1}", "a: 'b", "}", "a: b: c", "%YAML 9.9\n---\na: b", "\u{feff}"])
    func brokenTextIsRefusedWithAPlace(text: String) throws {
        let refusal = try #require(refused(text))
        #expect(refusal.found.prefix { $0 != " " }.split(separator: ":").allSatisfy { Int($0) != nil })
    }
}

import Testing

@testable import HoopxConfiguration

@Suite struct KeySuggestionTests {
    @Test(arguments: [
        ("conections", "connections"), ("hots", "hosts"), ("Hosts", "hosts"), ("host", "hosts"), ("tunnle", "tunnel"),
        ("hsots", "hosts"),
    ])
    func aSmallSlipIsRecognised(word: String, key: String) {
        #expect(KeySuggestion.closest(to: word, among: ["connections", "hosts", "tunnel"]) == key)
    }

    @Test(arguments: ["", "x", "policy", "masking", "reticulate"])
    func anotherWordIsNot(word: String) {
        #expect(KeySuggestion.closest(to: word, among: ["connections", "hosts", "tunnel"]) == nil)
    }

    @Test func aPastedParagraphCostsNothing() {
        #expect(KeySuggestion.closest(to: String(repeating: "x", count: 1 << 20), among: ["hosts"]) == nil)
    }
}

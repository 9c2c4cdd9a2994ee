import HoopxJSON
import Testing

@testable import HoopxCommands

struct ConsoleTests {
    @Test func recordedJSONCannotActOnATerminalAndKeepsItsValues() throws {
        let value: JSONValue = ["a": "x\u{9b}2Jä\u{7f}\u{202e}\u{e0041}😀\n\u{1b}"]
        for json in [value.json, value.page] {
            let inert = Console.inert(json: json)
            #expect(try JSONValue(json: inert.utf8) == value)
            #expect(inert.contains(#"x\u009b2Jä\u007f\u202e\udb40\udc41😀\n\u001b"#))
            #expect(Console.printable(inert).filter { $0 == "?" }.count == inert.filter { $0 == "\n" }.count)
        }
    }

    @Test func textLosesWhatATerminalWouldActOn() {
        #expect(Console.printable("a\u{1b}[2J\u{9b}\u{202e}\nb\tä😀") == "a?[2J???b?ä😀")
    }
}

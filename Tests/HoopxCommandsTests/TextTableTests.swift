import Testing

@testable import HoopxCommands

struct TextTableTests {
    private var table: TextTable {
        var table = TextTable(header: ["ID", "COMMAND"])
        table.add(["1", "claude -p hi"])
        table.add(["1000", "ls"])
        return table
    }

    @Test func columnsAreAlignedAndNoLineEndsInBlanks() {
        #expect(table.lines(width: nil) == ["ID    COMMAND", "1     claude -p hi", "1000  ls"])
    }

    @Test func aLineThatDoesNotFitIsCutAndSaysSo() {
        #expect(table.lines(width: 10) == ["ID    COM…", "1     cla…", "1000  ls"])
    }

    @Test func aNarrowTerminalDoesWithoutSpareColumnsAndKeepsTheLast() {
        var table = TextTable(header: ["ID", "STARTED", "WHO", "COMMAND"], spare: ["WHO", "STARTED"])
        table.add(["1", "2026-11-26 20:36:15", "root", "python3 agent.py --model claude-sonnet-4-5"])
        let wide = "1   2026-11-26 20:36:15  root  python3 agent.py --model claude-sonnet-4-5"
        #expect(table.lines(width: 80)[1] == wide)
        #expect(table.lines(width: 50)[1] == "1   2026-11-26 20:36:15  python3 agent.py --model…")
        #expect(table.lines(width: 40) == ["ID  COMMAND", "1   python3 agent.py --model claude-son…"])
        #expect(table.lines(width: nil)[1] == wide)
    }

    @Test func aPipeLosesNothing() {
        var wide = TextTable(header: ["X"])
        wide.add([String(repeating: "x", count: 5_000)])
        #expect(wide.lines(width: nil)[1].count == 5_000)
    }

    @Test func controlCharactersCannotReachTheTerminal() {
        var table = TextTable(header: ["X"])
        table.add(["a\u{1b}[2Jb\nc\u{202e}d"])
        #expect(table.lines(width: nil)[1] == "a?[2Jb?c?d")
    }
}

import ArgumentParser
import HoopxCore
import Testing

@testable import HoopxCommands

struct RunCommandTests {
    private func parse(_ words: String...) throws -> RunCommand {
        try #require(try HoopxCommand.parseAsRoot(["run"] + words) as? RunCommand)
    }

    @Test func whatFollowsTheCommandIsTheCommands() throws {
        let run = try parse("--config", "a.yaml", "--", "claude", "--verbose", "--", "-p", "hi")
        #expect(run.configuration.path == "a.yaml")
        #expect(!run.verbose)
        #expect(run.words == ["--", "claude", "--verbose", "--", "-p", "hi"])
    }

    @Test func theHyphensMayBeLeftOutInFrontOfAPlainCommand() throws {
        let run = try parse("-v", "claude", "-p", "--config", "b.yaml")
        #expect(run.verbose)
        #expect(run.configuration.path == nil)
        #expect(run.words == ["claude", "-p", "--config", "b.yaml"])
    }

    @Test(arguments: [[], ["--"], ["--confg", "a.yaml", "--", "ls"], ["-x", "ls"]])
    func aWrongCallIsAUsageError(words: [String]) {
        #expect {
            try HoopxCommand.parseAsRoot(["run"] + words)
        } throws: { error in
            HoopxCommand.exitCode(for: error).rawValue == 64
        }
    }

    @Test(
        arguments: [
            (HoopxError.Kind.usage, 64), (.startup, 125), (.commandNotExecutable, 126), (.commandNotFound, 127),
        ] as [(HoopxError.Kind, Int32)])
    func eachKindOfErrorHasItsExitStatus(kind: HoopxError.Kind, status: Int32) {
        #expect(ExitStatus.code(for: HoopxError(kind, doing: "a", found: "b")).rawValue == status)
    }
}

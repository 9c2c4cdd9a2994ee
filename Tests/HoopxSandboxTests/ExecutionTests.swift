import Foundation
import Glibc
import HoopxLinux
import Testing

@testable import HoopxSandbox

@Suite struct ExecutionTests {
    private func run(_ command: [String], directory: String? = nil) async throws -> (
        SeenExecutions, Sandboxed.Outcome
    ) {
        let seen = SeenExecutions()
        let outcome = try await Sandboxed.run(command, FakeEgress.nothing(), directory: directory, executions: seen)
        return (seen, outcome)
    }

    private func run(python program: String) async throws -> (SeenExecutions, Sandboxed.Outcome) {
        try await run(Sandboxed.python(program))
    }

    @Test func theCommandAndWhatItStartsAreSeenWithTheirArguments() async throws {
        let (seen, outcome) = try await run(["sh", "-c", "echo $$; ls -d '' / ; true"])
        #expect(outcome.report == .ended(.exited(0), leavesProcesses: false))
        let shell = try #require(Int32(outcome.output.prefix { $0 != "\n" }))
        let (first, second) = (try #require(seen.all.first), try #require(seen.of("ls").first))
        #expect(seen.all.count == 2, "\(seen.all)")
        #expect(first.file == "/usr/bin/sh" && first.line == ["sh", "-c", "echo $$; ls -d '' / ; true"])
        #expect(first.pid == shell && !first.isTruncated)
        #expect(second.file == "/usr/bin/ls" && second.line == ["ls", "-d", "", "/"])
        #expect(second.parentPID == shell && second.pid != shell)
    }

    @Test(arguments: [2_000, 300_000] as [UInt32])
    func anExecutionIsToldBeforeTheEndOfWhatItStarted(delay: UInt32) async throws {
        let seen = SeenExecutions(delay: delay)
        let outcome = try await Sandboxed.run(["true"], FakeEgress.nothing(), executions: seen)
        #expect(outcome.hasSucceeded)
        #expect(seen.of("true").count == 1)
    }

    @Test func aSearchInPathIsCountedButNotShown() async throws {
        let (seen, outcome) = try await run(
            python: """
                for path in ("/nonexistent/true", "/etc/passwd", "/etc/passwd/true"):
                    print(attempt(lambda: os.execv(path, ["true"])))
                """)
        #expect(outcome.output == "ENOENT\nEACCES\nENOTDIR")
        #expect(seen.all.compactMap(\.file).allSatisfy { $0.contains("python3") }, "\(seen.all)")
        #expect(seen.misses >= 3)
    }

    @Test func aRelativeNameIsShownFromTheRoot() async throws {
        let (seen, _) = try await run(["sh", "-c", "cd /usr; bin/true; exec ./bin/env true"], directory: "/")
        #expect(seen.all.compactMap(\.file).dropFirst() == ["/usr/bin/true", "/usr/./bin/env", "/usr/bin/true"])
    }

    @Test func aDescriptorsOwnFileIsShown() async throws {
        let (seen, outcome) = try await run(
            python: """
                copy = os.memfd_create("anonymous")
                os.write(copy, open("/bin/true", "rb").read())
                for file in (os.open("/usr/bin/true", os.O_PATH), copy):
                    if os.fork() == 0: os.execve(file, ["a", "b"], {})
                    assert os.wait()[1] == 0
                directory = os.open("/usr/bin", os.O_PATH)
                word = lambda text: ctypes.c_char_p(text)
                arguments = (ctypes.c_char_p * 2)(b"c", None)
                libc.syscall(322 if os.uname().machine == "x86_64" else 281, directory, word(b"true"), arguments, None, 0)
                """)
        #expect(outcome.hasSucceeded, "\(outcome)")
        let files = seen.all.compactMap(\.file).suffix(3)
        #expect(files == ["/usr/bin/true", "/memfd:anonymous (deleted)", "/usr/bin/true"])
        #expect(seen.all.suffix(3).map(\.line) == [["a", "b"], ["a", "b"], ["c"]])
    }

    @Test func argumentsThatCannotBeReadFailAsTheyWouldAndAreLeftOut() async throws {
        let (seen, outcome) = try await run(
            python: """
                def execute(path, arguments):
                    ctypes.set_errno(0)
                    libc.syscall(59 if os.uname().machine == "x86_64" else 221, path, arguments, None)
                    return name(ctypes.get_errno())
                true = ctypes.c_char_p(b"/bin/true")
                print(execute(ctypes.c_void_p(8), None))
                print(execute(true, ctypes.c_void_p(8)))
                print(execute(true, (ctypes.c_void_p * 3)(ctypes.cast(true, ctypes.c_void_p), 8, None)), flush=True)
                print(execute(true, None))
                """)
        #expect(outcome.output == "EFAULT\nEFAULT\nEFAULT")
        #expect(outcome.hasSucceeded)
        let last = seen.all.suffix(4)
        #expect(last.map(\.file) == [nil, "/bin/true", "/bin/true", "/bin/true"])
        #expect(last.map(\.line) == [[], [], ["/bin/true"], []])
        #expect(last.map(\.isTruncated) == [false, true, true, false])
    }

    @Test func manyAndLongArgumentsAreCutAndTheProgramGetsAllOfThem() async throws {
        let (seen, outcome) = try await run(
            python: """
                def ask(*arguments):
                    if os.fork() == 0: os.execv("/bin/sh", ["sh", "-c", 'echo $# ${#1}', "-", *arguments])
                    os.wait()
                ask("x" * 100000)
                ask(*["y"] * 2000)
                ask("z" * 5000, "short")
                ask("")
                """)
        #expect(outcome.output == "1 100000\n2000 1\n2 5000\n1 0")
        let asked = seen.of("sh")
        #expect(asked.map(\.isTruncated) == [true, true, false, false])
        #expect(asked[0].line.reduce(0) { $0 + $1.utf8.count } == ExecutedWords.maximumSize)
        #expect(asked[1].arguments.count == ExecutedWords.maximumCount)
        #expect(asked[2].line.suffix(2) == [String(repeating: "z", count: 5000), "short"])
        #expect(asked[3].line.last == "")
    }

    @Test func aThreadThatExecutesIsSeenAsItsProcess() async throws {
        let (seen, outcome) = try await run(
            python: """
                print(os.getpid(), flush=True)
                threading.Thread(target=lambda: os.execv("/bin/sh", ["sh", "-c", "echo $$"])).start()
                time.sleep(60)
                """)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == lines[1], "\(outcome)")
        #expect(seen.of("sh").map(\.pid) == [Int32(lines[0])])
    }

    @Test func theParentThatVforkSuspendsIsTheParent() async throws {
        let (seen, outcome) = try await run(
            python: """
                print(os.getpid(), flush=True)
                # CLONE_VM and CLONE_VFORK
                os.posix_spawn("/bin/true", ["true"], {})
                print(os.wait()[1])
                """)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.last == "0")
        #expect(seen.of("true").map(\.parentPID) == [Int32(lines[0])])
    }

    @Test func aFloodFromManyProcessesIsSeenWhole() async throws {
        let (seen, outcome) = try await run(
            ["sh", "-c", "for i in 1 2 3 4; do (for j in 1 2 3 4 5 6 7 8 9 10; do /bin/true $i $j; done) & done; wait"])
        #expect(outcome.hasSucceeded)
        #expect(Set(seen.of("true").map(\.line)).count == 40)
    }

    @Test func aStaticProgramIsSeen() async throws {
        let directory = try Scratch()
        defer { directory.remove() }
        let program = directory.path + "/static"
        let compiled = try await Native.run([
            "sh", "-c", "echo 'int main(void) { return 0; }' | cc -static -x c -o \(program) - && echo done",
        ])
        #expect(compiled == "done")
        let (seen, outcome) = try await run(["sh", "-c", "\(program) one; true"])
        #expect(outcome.hasSucceeded)
        #expect(seen.of("static").map(\.line) == [[program, "one"]])
    }

    @Test func aMissingProgramIsNotFoundAlsoWhereExecutionsAreSeen() async throws {
        let seen = SeenExecutions()
        for command in ["hoopx-no-such-command", "/nonexistent/command"] {
            let error = await #expect(throws: (any Error).self) {
                try await Sandboxed.run([command], FakeEgress.nothing(), executions: seen)
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains("command not found"))
        }
        #expect(seen.all.isEmpty)
    }

    /// A directory that is removed.
    private struct Scratch {
        let path: String

        init() throws {
            var template = Array("/tmp/hoopx-exec.XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw Errno.last }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        func remove() { try? FileManager.default.removeItem(atPath: path) }
    }
}

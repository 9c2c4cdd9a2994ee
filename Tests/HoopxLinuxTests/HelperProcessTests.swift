import Glibc
import HoopxCore
import HoopxLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct HelperProcessTests {
    /// A shell script as a helper.
    private func helper(
        _ script: String, environment: [String: String] = [:], input: Secret? = nil, outputLimit: Int = 1 << 20,
        timeout: Duration = .seconds(50)
    ) -> HelperProcess {
        HelperProcess(
            program: "/bin/sh", arguments: ["sh", "-c", script],
            environment: environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }, input: input,
            outputLimit: outputLimit, timeout: timeout)
    }

    private func text(_ answer: HelperProcess.Answer) -> String { answer.output.withValue { $0 } }

    private func failure(_ helper: HelperProcess) async -> HelperProcess.Failure? {
        do throws(HelperProcess.Failure) {
            _ = try await helper.run()
            return nil
        } catch {
            return error
        }
    }

    @Test func theAnswerIsWhatTheProgramWrites() async throws {
        let answer = try await helper("echo 'to stderr' >&2; echo out; exit 3").run()
        #expect(text(answer) == "out\n")
        #expect(answer.complaint == "to stderr")
        #expect(answer.status == .exited(3))
        #expect(!"\(answer)".contains("out\n"), "what it wrote is a secret")
    }

    @Test func nothingIsInheritedButWhatIsSaid() async throws {
        let other = OwnedDescriptor(open("/dev/zero", O_RDONLY))
        let script = "env | grep -v -E '^(PWD|_|OLDPWD|SHLVL)=' | sort; ls /proc/$$/fd; pwd"
        var helper = helper(script, environment: ["A": "1"])
        helper.directory = "/usr"
        let answer = try await helper.run()
        #expect(text(answer) == "A=1\nPATH=/usr/bin:/bin\n0\n1\n2\n/usr\n", "\(other.raw) is not there")
    }

    @Test func theInputComesWholeAndEnds() async throws {
        // Longer than a pipe holds, while the program writes as much.
        let long = String(repeating: "0123456789abcdef", count: 32_768)
        #expect(text(try await helper("cat", input: Secret(long)).run()) == long)
        #expect(text(try await helper("cat; echo end").run()) == "end\n")
    }

    @Test func aProgramThatReadsNothingOfItsInputIsNotHeldUp() async throws {
        let long = Secret(String(repeating: "x", count: 1 << 20))
        let answer = try await helper("exec 0<&-; echo done", input: long).run()
        #expect(text(answer) == "done\n")
        #expect(answer.status == .exited(0))
    }

    @Test func anAnswerOverTheLimitIsNoAnswer() async throws {
        #expect(text(try await helper("printf 12345678", outputLimit: 8).run()) == "12345678")
        #expect(await failure(helper("printf 123456789", outputLimit: 8)) == .outputTooLong(8, complaint: ""))
        #expect(await failure(helper("yes", outputLimit: 100_000)) == .outputTooLong(100_000, complaint: ""))
    }

    @Test func theEndOfALongComplaintIsKept() async throws {
        let answer = try await helper("seq 100000 >&2; echo 'gave up' >&2").run()
        #expect(answer.complaint.hasSuffix("99999; 100000; gave up"))
        #expect(answer.complaint.utf8.count <= 2 * HelperProcess.complaintLimit)
    }

    @Test func aComplaintCannotRedrawATerminal() async throws {
        let answer = try await helper(#"printf 'a\033[2Jb\rc\342\200\256d\0e\377\n\n  last \n' >&2"#).run()
        #expect(answer.complaint == "a [2Jb; c d e\u{fffd}; last")
    }

    @Test func aProgramThatTakesTooLongIsKilledWithItsChildren() async throws {
        let scratch = try Scratch()
        let fifo = scratch.path + "/fifo"
        try Errno.checkLast(mkfifo(fifo, 0o600))
        // A child holds the FIFO open for writing, until it is killed.
        let script = "exec 9<>\(fifo); sleep 1000 & echo hm >&2; wait"
        #expect(
            await failure(helper(script, timeout: .milliseconds(500)))
                == .timedOut(.milliseconds(500), complaint: "hm"))
        try await hasNoWriter(fifo)
    }

    @Test func whatAProgramLeavesBehindIsKilled() async throws {
        let scratch = try Scratch()
        let fifo = scratch.path + "/fifo"
        try Errno.checkLast(mkfifo(fifo, 0o600))
        let answer = try await helper("exec 9<>\(fifo); (trap '' TERM HUP; sleep 1000) & echo done").run()
        #expect(text(answer) == "done\n")
        try await hasNoWriter(fifo)
    }

    @Test func cancellingTheTaskEndsTheProgram() async throws {
        let scratch = try Scratch()
        let fifo = scratch.path + "/fifo"
        try Errno.checkLast(mkfifo(fifo, 0o600))
        let task = Task { await failure(helper("exec 9<>\(fifo); echo > \(scratch.path)/ready; sleep 1000")) }
        while scratch.text(of: "ready") == nil { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        #expect(await task.value == .cancelled)
        try await hasNoWriter(fifo)
    }

    @Test func aSignalIsAnEnd() async throws {
        #expect(try await helper("kill -KILL $$").run().status == .signaled(SIGKILL))
    }

    @Test func aProgramThatCannotBeStartedSaysWhy() async {
        let missing = HelperProcess(program: "/nonexistent/x", arguments: ["x"], environment: [:])
        #expect(await failure(missing) == .notStarted(Errno(ENOENT)))
        let zero = HelperProcess(program: "/bin/sh", arguments: ["sh", "a\0b"], environment: [:])
        #expect(await failure(zero) == .notStarted(Errno(EINVAL)))
    }

    /// Other tests open descriptors and start children in this process meanwhile, as many as they like: what is a helper's own
    /// is known by the numbers that its pipes and its process have in the kernel.
    @Test func noPipeAndNoChildIsLeft() async throws {
        for _ in 0..<20 {
            let script = "echo $$; readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2"
            let words = text(try await helper(script, input: Secret("x")).run()).split(separator: "\n").map(String.init)
            try #require(words.count == 4 && words.dropFirst().allSatisfy { $0.hasPrefix("pipe:[") }, "\(words)")
            #expect(Self.openFiles().isDisjoint(with: words.dropFirst()))
            var status: Int32 = 0
            #expect(waitpid(try #require(Int32(words[0])), &status, WNOHANG) == -1 && errno == ECHILD, "reaped")
        }
    }

    /// What tells of the child's end and what cancels the wait have no number of their own. But who leaves them behind has more
    /// of them each time, and other tests give theirs back.
    @Test func noDescriptorIsLeft() async throws {
        let count = 100
        let before = Self.anonymousFileCount()
        for _ in 0..<count { _ = try await helper(":", input: Secret("x")).run() }
        while Self.anonymousFileCount() - before >= count { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// What this process's descriptors are open on.
    private static func openFiles() -> Set<String> { Set(descriptorLinks()) }

    private static func anonymousFileCount() -> Int {
        descriptorLinks().count { $0.contains("pidfd") || $0.contains("eventfd") }
    }

    private static func descriptorLinks() -> [String] {
        DirectoryListing.names(in: "/proc/self/fd").compactMap { name in
            var target = [CChar](repeating: 0, count: 256)
            let length = readlink("/proc/self/fd/\(name)", &target, target.count)
            return length > 0 ? String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
        }
    }

    /// Waits until nobody has the FIFO open: a killed process is gone a moment after the kill.
    private func hasNoWriter(_ fifo: String) async throws {
        while true {
            let descriptor = open(fifo, O_WRONLY | O_NONBLOCK)
            if descriptor < 0 { return #expect(errno == ENXIO) }
            close(descriptor)
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test func aProgramIsFoundAsExecvpFindsIt() throws {
        let scratch = try Scratch()
        for (name, mode) in [("plain", mode_t(0o600)), ("program", 0o700)] {
            close(open("\(scratch.path)/\(name)", O_CREAT | O_WRONLY, mode))
        }
        try Errno.checkLast(mkdir("\(scratch.path)/directory", 0o700))
        let search = "/nonexistent:\(scratch.path)"
        #expect(ExecutableFile.find("program", searchPath: search) == "\(scratch.path)/program")
        #expect(ExecutableFile.find("plain", searchPath: search) == nil)
        #expect(ExecutableFile.find("directory", searchPath: search) == nil)
        #expect(ExecutableFile.find("", searchPath: search) == nil)
        #expect(ExecutableFile.find("\(scratch.path)/program", searchPath: nil) == "\(scratch.path)/program")
        #expect(ExecutableFile.find("sh", searchPath: nil) != nil)
    }
}

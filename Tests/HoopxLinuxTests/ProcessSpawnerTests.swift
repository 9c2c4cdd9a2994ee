import Glibc
import HoopxLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProcessSpawnerTests {
    private static let noSignals = InheritedSignals(ignoring: [], blocking: [])

    /// Runs a shell script and returns what it writes.
    private func output(
        _ script: String, environment: [String] = [], directory: String? = nil, others: [Int32?] = []
    ) throws -> String {
        var pipe: [Int32] = [0, 0]
        try Errno.checkLast(Glibc.pipe(&pipe))
        let spawner = ProcessSpawner(
            program: "/bin/sh", arguments: ["sh", "-c", script], environment: environment, directory: directory,
            signals: Self.noSignals, descriptors: [nil, pipe[1], 2] + others)
        let pid = try spawner.spawn()
        close(pipe[1])
        let reader = OwnedDescriptor(pipe[0])
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while case let count = read(reader.raw, &part, part.count), count > 0 { bytes += part[..<count] }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func theEnvironmentIsWhatWasGiven() throws {
        #expect(
            try output("env | grep -v -E '^(PWD|_|OLDPWD|SHLVL)='", environment: ["A=1", "B=zwei"]) == "A=1\nB=zwei\n")
    }

    @Test func theDirectoryIsWhatWasGiven() throws {
        #expect(try output("pwd", directory: "/usr") == "/usr\n")
    }

    @Test func descriptorsThatWereNotGivenAreClosed() throws {
        let secret = OwnedDescriptor(open("/dev/zero", O_RDONLY))
        #expect(secret.raw > 2)
        let script = "i=0; while [ $i -lt 256 ]; do [ -e /proc/$$/fd/$i ] && echo $i; i=$((i + 1)); done"
        #expect(try output(script) == "0\n1\n2\n")
        #expect(try output(script, others: [nil, secret.raw]) == "0\n1\n2\n3\n4\n")
    }

    @Test func descriptorsMayChangePlaces() throws {
        // Numbers of ours that are also numbers of the child, the other way round.
        let script = "readlink /proc/$$/fd/3 /proc/$$/fd/4"
        let zero = OwnedDescriptor(fcntl(open("/dev/zero", O_RDONLY | O_CLOEXEC), F_DUPFD_CLOEXEC, 3))
        let full = OwnedDescriptor(fcntl(open("/dev/full", O_RDONLY | O_CLOEXEC), F_DUPFD_CLOEXEC, 3))
        #expect(try output(script, others: [zero.raw, full.raw]) == "/dev/zero\n/dev/full\n")
        #expect(try output(script, others: [full.raw, zero.raw]) == "/dev/full\n/dev/zero\n")
    }

    @Test func aProgramThatIsMissingIsAnError() {
        let spawner = ProcessSpawner(
            program: "/nonexistent", arguments: ["x"], environment: [], signals: Self.noSignals)
        #expect(throws: Errno(ENOENT)) { _ = try spawner.spawn() }
    }

    @Test func aNulByteIsAnErrorInsteadOfAnEnd() {
        let spawner = ProcessSpawner(
            program: "/bin/true", arguments: ["true", "a\0b"], environment: [], signals: Self.noSignals)
        #expect(throws: Errno(EINVAL)) { _ = try spawner.spawn() }
    }
}

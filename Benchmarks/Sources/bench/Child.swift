import Glibc

/// What went wrong while measuring.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A program that was started, to be waited for or stopped.
struct Child {
    let pid: pid_t
    private let program: String

    /// - Parameter output: the descriptor that becomes its standard output; /dev/null where there is none.
    init(_ arguments: [String], environment: [String: String], output: Int32? = nil) throws {
        program = arguments[0]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child: pid_t = 0
        let error = posix_spawn(&child, arguments[0], &actions, nil, &argv, &envp)
        guard error == 0 else { throw BenchmarkError("\(arguments[0]): \(String(cString: strerror(error)))") }
        pid = child
    }

    /// Waits for its end, which must be a success.
    func wait() throws {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { throw BenchmarkError("\(program) ended with wait status \(status)") }
    }

    func stop() {
        kill(pid, SIGTERM)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }

    /// Runs a program to its end and returns what it printed.
    static func output(
        of arguments: [String], environment: [String: String], whileRunning watch: (pid_t) -> Void = { _ in }
    ) throws -> String {
        let ends = try closedOnExecPipe()
        let child: Child
        do {
            child = try Child(arguments, environment: environment, output: ends[1])
        } catch {
            close(ends[0])
            close(ends[1])
            throw error
        }
        close(ends[1])
        defer { close(ends[0]) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var readable = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        while true {
            watch(child.pid)
            if poll(&readable, 1, 10) == 0 { continue }
            let got = read(ends[0], &buffer, buffer.count)
            if got <= 0 { break }
            text += buffer[0..<got]
        }
        try child.wait()
        return String(decoding: text, as: UTF8.self)
    }

    /// Runs a program to its end and returns how long that took, in milliseconds.
    static func milliseconds(of arguments: [String], environment: [String: String]) throws -> Double {
        let start = ContinuousClock.now
        try Child(arguments, environment: environment).wait()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }
}

/// The reading and the writing end of a pipe that no child inherits by accident.
func closedOnExecPipe() throws -> [Int32] {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw BenchmarkError("no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return ends
}

import CHoopxTestSupport
import Glibc

/// The start of a child process: nothing but what is said here is inherited.
struct SpawnRequest {
    enum Descriptors {
        /// What the child sees as its stdin, stdout and stderr.
        case stdio(Int32, Int32, Int32)
        /// The child leads a session with this controlling terminal.
        case terminal(path: String)
    }

    let arguments: [String]
    let environment: [String: String]
    let directory: String
    let descriptors: Descriptors

    func start() throws -> pid_t {
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code: Int32
        switch descriptors {
        case .stdio(let input, let output, let errors):
            code = hoopx_test_spawn(&pid, &argv, &envp, directory, [input, output, errors], nil)
        case .terminal(let path):
            code = hoopx_test_spawn(&pid, &argv, &envp, directory, nil, path)
        }
        guard code == 0 else { throw TestSupportError("\(arguments[0]): \(String(cString: strerror(-code)))") }
        return pid
    }
}

import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

/// The guardian, seen from outside of the sandbox, where none of the command's walls stand.
@Suite(.timeLimit(.minutes(1))) struct GuardianTests {
    @Test func theSameUsersOtherProcessesCannotLookIntoTheGuardian() throws {
        let user = try #require(Identity.available.last, "an ordinary one: root may look into everything")
        let launch = try Launch(["sleep", "1000"], as: user)
        let command = try launch.start()
        for file in ["environ", "maps"] {
            #expect(try canOpen("/proc/\(command)/\(file)", as: user), "the command is open to its user")
            #expect(try !canOpen("/proc/\(launch.guardian)/\(file)", as: user))
        }
    }

    private func canOpen(_ path: String, as user: Identity) throws -> Bool {
        let arguments = user.prefix + ["/bin/dd", "if=\(path)", "count=0"]
        let reader = try ProcessSpawner(
            program: arguments[0], arguments: arguments, environment: [], signals: .current(),
            descriptors: [nil, nil, nil]
        ).spawn()
        var status: Int32 = 0
        waitpid(reader, &status, 0)
        return WaitStatus(raw: status) == .exited(0)
    }
}

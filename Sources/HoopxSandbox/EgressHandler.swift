import HoopxCore
import HoopxLinux

/// The process of the target that asked for a connection.
public struct TargetProcess: Hashable, Sendable {
    /// The process (thread group) id as hoopx sees it.
    public let pid: Int32
    /// The kernel's short name of the command (`/proc/PID/comm`, at most 15 bytes; the target can change it).
    public let command: String

    public init(pid: Int32, command: String) {
        self.pid = pid
        self.command = command
    }
}

/// What a trapped connect is answered with.
public enum ConnectAnswer: Hashable, Sendable {
    /// Connect the target's socket to hoopx, which serves it.
    case proxy
    /// Fail the call with this errno.
    case refuse(errno: Int32)
}

/// The sandbox's view of the proxy: it decides where trapped connections go, and serves those that go to it.
public protocol EgressHandler: Sendable {
    /// Decides on a destination. Called on a notification thread while the target waits: it must not block.
    /// A refusal is recorded by the handler, unless nobody listens there: the kernel would refuse that connection too, as
    /// where a client tries both addresses of localhost.
    func answer(to destination: Destination, from process: TargetProcess, isNobodyThere: Bool) -> ConnectAnswer

    /// Whether some rule names the host, at whichever port. Called on a thread of the name service; must not block.
    func mayReach(_ name: DomainName) -> Bool

    /// Takes over hoopx's end of a connection that `answer` sent to the proxy: a connected, blocking TCP socket.
    func serve(_ socket: consuming OwnedDescriptor, to destination: Destination, from process: TargetProcess)

    /// Records that the target was told that a name does not exist, because no rule names it.
    func refusedName(_ name: DomainName)

    /// Records that the target connects to a loopback port that the configuration names, past the proxy.
    func connectsDirectly(to destination: Destination, from process: TargetProcess)

    /// Records that the target is connected to a Unix socket that the configuration names. The path is as it is named
    /// there, whatever the target called it.
    func connectsDirectly(toUnixSocket path: String, from process: TargetProcess)

    /// Records that the target was refused a mount, which file rules forbid.
    func refusedMount(from process: TargetProcess)

    /// Records that the target, which is root, was refused a user namespace, or a mount namespace without one, which file
    /// rules make useless.
    func refusedNamespace(ofUser isOfUser: Bool, from process: TargetProcess)

    /// Records that the target was refused a Unix socket. The path is as the target gave it.
    func refusedUnixSocket(_ path: String, from process: TargetProcess)
}

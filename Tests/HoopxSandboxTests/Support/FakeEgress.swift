import Glibc
import HoopxCore
import HoopxLinux
import HoopxSandbox
import Synchronization

/// A proxy that sends some destinations to itself and refuses the others. Where a connection gets through, it says who
/// came and where from, in one line, and then sends everything back until the client has no more.
final class FakeEgress: EgressHandler {
    struct Seen: Hashable {
        var answered: [String] = []
        var served: [String] = []
        var direct: [String] = []
        var mounts = 0
        var namespaces = 0
        var unixSockets: [String] = []
    }

    private let allows: @Sendable (Destination) -> Bool
    private let refusal: Int32
    private let log = Mutex(Seen())

    init(refusingWith refusal: Int32 = ECONNREFUSED, allowing allows: @escaping @Sendable (Destination) -> Bool) {
        self.refusal = refusal
        self.allows = allows
    }

    /// Everything goes to the proxy but the machine itself.
    static func everything() -> FakeEgress {
        FakeEgress { destination in
            guard case .address(let address) = destination.host else { return true }
            return !address.isLoopback
        }
    }

    static func nothing(refusingWith refusal: Int32 = ECONNREFUSED) -> FakeEgress {
        FakeEgress(refusingWith: refusal) { _ in false }
    }

    var seen: Seen { log.withLock { $0 } }

    func answer(to destination: Destination, from process: TargetProcess, isNobodyThere: Bool) -> ConnectAnswer {
        log.withLock { $0.answered.append(destination.description + (isNobodyThere ? " (nobody)" : "")) }
        return allows(destination) ? .proxy : .refuse(errno: refusal)
    }

    func mayReach(_ name: DomainName) -> Bool { true }

    func serve(_ socket: consuming OwnedDescriptor, to destination: Destination, from process: TargetProcess) {
        log.withLock { $0.served.append(destination.description) }
        let raw = socket.release()
        let greeting = Array("\(destination) \(process.pid) \(process.command)\n".utf8)
        _ = try? ServiceThread(name: "fake-egress") {
            _ = send(raw, greeting, greeting.count, Int32(MSG_NOSIGNAL))
            var part = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(raw, &part, part.count, 0)
                guard count > 0, send(raw, part, count, Int32(MSG_NOSIGNAL)) == count else { break }
            }
            close(raw)
        }
    }

    func refusedName(_ name: DomainName) {}

    func connectsDirectly(to destination: Destination, from process: TargetProcess) {
        log.withLock { $0.direct.append(destination.description) }
    }

    func connectsDirectly(toUnixSocket path: String, from process: TargetProcess) {
        log.withLock { $0.direct.append("\(path) \(process.command)") }
    }

    func refusedMount(from process: TargetProcess) { log.withLock { $0.mounts += 1 } }

    func refusedNamespace(ofUser isOfUser: Bool, from process: TargetProcess) { log.withLock { $0.namespaces += 1 } }

    func refusedUnixSocket(_ path: String, from process: TargetProcess) {
        log.withLock { $0.unixSockets.append(path) }
    }
}

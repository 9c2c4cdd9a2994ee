import Foundation
import Glibc
import HoopxCore
import HoopxLinux
import HoopxSandbox
import HoopxTestSupport

@testable import HoopxProxy

/// A loopback port whose connections come to a fixture's proxy as if a target had dialled a host of its configuration:
/// for real clients that no sandbox is around.
final class ListeningProxy: Sendable {
    let port: UInt16
    private let listener: OwnedListener

    private final class OwnedListener: Sendable {
        let raw: Int32

        init(_ raw: Int32) { self.raw = raw }

        deinit { Glibc.close(raw) }
    }

    init() throws {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = OwnedListener(raw)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(raw, name, length) == 0 && listen(raw, 16) == 0 && getsockname(raw, name, &length) == 0
            }
        }
        guard isListening else { throw TestSupportError("no port: errno \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// The host that a fixture's connection must name.
    var host: String { "127.0.0.1:\(port)" }

    /// Takes connections until the fixture's test is over.
    func serve(_ fixture: ProxyFixture) throws {
        guard let destination = Destination(authority: host, defaultPort: nil) else {
            throw TestSupportError("\(host) is no destination")
        }
        let listener = listener
        fixture.scope.atEnd { shutdown(listener.raw, Int32(SHUT_RDWR)) }
        let proxy = fixture.proxy
        Thread.detachNewThread {
            while true {
                let accepted = accept(listener.raw, nil, nil)
                guard accepted >= 0 else { return }
                proxy.serve(
                    OwnedDescriptor(accepted), to: destination, from: TargetProcess(pid: 4711, command: "test"))
            }
        }
    }
}

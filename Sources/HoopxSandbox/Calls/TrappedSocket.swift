import CHoopxLinux
import Glibc
import HoopxLinux

extension Supervisor {
    /// socket(2) for datagrams of IPv4 and IPv6: the helper makes it, in its namespace that nothing leads out of.
    func makeSocket(_ call: PendingCall) throws(Errno) {
        let (domain, type, transport) = (call.int(0), call.int(1), call.int(2))
        let closesOnExec = Int32(HOOPX_SOCK_CLOEXEC)
        guard let helper, domain == AF_INET || domain == AF_INET6, type & 0xf == SocketFacts.datagram else {
            throw Errno(EACCES)
        }
        guard transport == 0 || transport == Int32(IPPROTO_UDP) else { throw Errno(EPROTONOSUPPORT) }
        let socket = try helper.makeSocket(domain: domain, type: type & ~closesOnExec, protocol: transport)
        try call.succeed(with: socket, closesOnExec: type & closesOnExec != 0)
    }
}

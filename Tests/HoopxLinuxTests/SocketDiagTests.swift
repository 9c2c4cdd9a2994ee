import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

@Suite struct SocketDiagTests {
    private func listener(_ family: Int32) throws -> (socket: Int32, port: UInt16) {
        let socket = try Errno.checkLast(Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        // An unbound socket that listens gets a free port.
        try Errno.checkLast(listen(socket, 1))
        var address = sockaddr_in()  // the port lies at the same place in both families
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    @Test(arguments: [AF_INET, AF_INET6]) func aListenerIsFoundByItsPortAndKnownByItsCookie(family: Int32) throws {
        let (socket, port) = try listener(family)
        defer { close(socket) }
        var cookie: UInt64 = 0
        try Errno.check(hoopx_socket_cookie(socket, &cookie))
        var found = [hoopx_tcp_listener](repeating: hoopx_tcp_listener(), count: 16)
        let count = Int(try Errno.check(hoopx_tcp_listeners(port, &found, found.count)))
        #expect(found[..<count].contains { $0.cookie == cookie && $0.family == family })
    }

    @Test func aPortThatNobodyListensOnHasNoListener() throws {
        let (socket, port) = try listener(AF_INET)
        close(socket)
        var found = [hoopx_tcp_listener](repeating: hoopx_tcp_listener(), count: 16)
        #expect(hoopx_tcp_listeners(port, &found, found.count) == 0)
    }

    @Test func aUnixListenerIsKnownByItsFileAndItsCookie() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/socket"
        let socket = OwnedDescriptor(
            try Errno.checkLast(Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try Errno.checkLast(
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket.raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            })
        try Errno.checkLast(listen(socket.raw, 1))
        var cookie: UInt64 = 0
        try Errno.check(hoopx_socket_cookie(socket.raw, &cookie))
        var found = [hoopx_unix_listener](repeating: hoopx_unix_listener(), count: 4096)
        let count = Int(try Errno.check(hoopx_unix_listeners(&found, found.count)))
        let own = try #require(found[..<count].first { $0.cookie == cookie })
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(UInt64(own.inode) == UInt64(status.st_ino))
        #expect(own.device == UInt64(status.st_dev))
        let name = withUnsafeBytes(of: own.name) { String(decoding: $0.prefix(Int(own.name_length)), as: UTF8.self) }
        #expect(name == path)
    }
}

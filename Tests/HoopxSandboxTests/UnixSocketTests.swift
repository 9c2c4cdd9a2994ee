import Foundation
import Glibc
import HoopxLinux
import Testing

@testable import HoopxSandbox

@Suite struct UnixSocketTests {
    @Test func aSocketOfTheTargetIsReached() async throws {
        try await withDirectory { directory in
            let egress = FakeEgress.nothing()
            let outcome = try await Sandboxed.run(
                Sandboxed.python(
                    """
                    def talk(bound, dialled, kind=socket.SOCK_STREAM):
                        server = socket.socket(socket.AF_UNIX, kind); server.bind(bound); server.listen()
                        client = socket.socket(socket.AF_UNIX, kind); client.connect(dialled)
                        server.accept()[0].send(b"x"); return client.recv(1) == b"x"
                    os.symlink("\(directory)", "link")
                    print(talk("\(directory)/a", "\(directory)/a"), talk("b", "b"), talk("c", "../" + os.path.basename(os.getcwd()) + "/c"),
                        talk("d", "link/d"), talk("\\0hoopx-%d" % os.getpid(), "\\0hoopx-%d" % os.getpid()),
                        talk("e", "e", socket.SOCK_SEQPACKET))
                    """), egress, directory: directory)
            #expect(outcome.output == Array(repeating: "True", count: 6).joined(separator: " "))
            #expect(egress.seen == FakeEgress.Seen())
        }
    }

    @Test func aSocketOfOthersIsRefusedByWhateverNameItIsReached() async throws {
        try await withDirectory { directory in
            let foreign = try UnixListening(.path(Array("\(directory)/foreign".utf8)))
            let hidden = try UnixListening(.abstract(Array(directory.utf8)))
            let egress = FakeEgress.nothing()
            let outcome = try await Sandboxed.run(
                Sandboxed.python(
                    """
                    server = socket.socket(socket.AF_UNIX); server.bind("own"); server.listen()
                    os.symlink("foreign", "symbolic"); os.link("foreign", "hard")
                    def dial(name): return attempt(lambda: socket.socket(socket.AF_UNIX).connect(name))
                    print(dial("foreign"), dial("\(directory)/foreign"), dial("symbolic"), dial("hard"), dial("\\0\(directory)"))
                    os.rename("foreign", "own"); print(dial("own"))
                    print(dial("/proc/self/root\(directory)/own"), dial("/proc/self/cwd/own"), dial("missing"), dial("/dev/null"))
                    """), egress, directory: directory)
            #expect(
                outcome.output == """
                    EACCES EACCES EACCES EACCES EACCES
                    EACCES
                    ELOOP ELOOP ENOENT ECONNREFUSED
                    """)
            #expect(
                egress.seen.unixSockets == [
                    "foreign", "\(directory)/foreign", "symbolic", "hard", "@\(directory)", "own",
                ])
            #expect(!foreign.hasVisitor && !hidden.hasVisitor)
        }
    }

    @Test func aPeerThatTurnsOutToBeForeignIsHungUpOn() async throws {
        try await withDirectory { directory in
            let path = directory + "/late"
            let server = try Native.Server(listeningOn: path)
            let socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_UNIX, SocketFacts.stream, 0)))
            let raw = socket.raw
            #expect(throws: Errno(ECONNREFUSED)) {
                try Supervisor.connectToOwn(OwnedDescriptor(dup(raw)), at: SocketAddress(.path(Array(path.utf8))))
            }
            var byte: UInt8 = 1
            #expect(send(raw, &byte, 1, Int32(MSG_NOSIGNAL)) < 0)
            server.end()
        }
    }

    @Test func whatCannotBeToldFromAForeignSocketIsForeign() {
        #expect(OwnListeners.listening(whereOwn: [true]) == .own)
        #expect(OwnListeners.listening(whereOwn: [true, false]) == .foreign)
        #expect(OwnListeners.listening(whereOwn: [false]) == .foreign)
        #expect(OwnListeners.listening(whereOwn: []) == .nobody)
    }

    @Test func aSocketThatNobodyListensOnIsRefusedAsNative() async throws {
        try await withDirectory { directory in
            let egress = FakeEgress.nothing()
            let outcome = try await Sandboxed.run(
                Sandboxed.python(
                    """
                    stale = socket.socket(socket.AF_UNIX); stale.bind("stale"); stale.listen(); stale.close()
                    bound = socket.socket(socket.AF_UNIX); bound.bind("bound")
                    def dial(name): return attempt(lambda: socket.socket(socket.AF_UNIX).connect(name))
                    print(dial("stale"), dial("bound"), dial("\\0nobody-%d" % os.getpid()))
                    """), egress, directory: directory)
            #expect(outcome.output == "ECONNREFUSED ECONNREFUSED ECONNREFUSED")
            #expect(egress.seen.unixSockets.isEmpty)
        }
    }

    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/hoopx-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }
}

/// A Unix server that is not the target's.
final class UnixListening {
    private let socket: OwnedDescriptor

    init(_ name: SocketAddress.UnixName) throws {
        socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_UNIX, SocketFacts.stream, 0)))
        let raw = socket.raw
        try Errno.checkLast(SocketAddress(name).withPointer { bind(raw, $0, $1) })
        try Errno.checkLast(listen(raw, 16))
    }

    var hasVisitor: Bool {
        var watched = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }
}

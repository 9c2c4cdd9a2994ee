import Foundation
import Glibc
import Testing

@testable import HoopxSandbox

/// Servers of this machine that the configuration opens.
@Suite struct LocalRulesTests {
    private func rules(
        loopback: Set<UInt16> = [], listen: Set<UInt16> = [], unix: [String] = [], kept: Set<UInt16> = []
    )
        -> LocalRules
    {
        LocalRules(loopbackPorts: loopback, listenPorts: listen, unixSockets: unix, keptPorts: kept)
    }

    @Test func aNamedLoopbackPortIsReachedDirectlyAndNoOtherIs() async throws {
        let named = try Listening(port: 0)
        let other = try Listening(port: 0)
        let egress = FakeEgress.nothing()
        let outcome = try await Sandboxed.run(
            python: """
                for port in (\(named.port), \(other.port)):
                    print(attempt(lambda: socket.create_connection(("127.0.0.1", port), 20) and None))
                print(attempt(lambda: socket.create_connection(("192.0.2.7", \(named.port)), 20) and None))
                """, egress, localRules: rules(loopback: [named.port]))
        #expect(outcome.output == "ok\nECONNREFUSED\nECONNREFUSED")
        #expect(named.hasVisitor && !other.hasVisitor)
        #expect(egress.seen.direct == ["127.0.0.1:\(named.port)"])
    }

    @Test func aNamedSocketFileIsReachedAndNoneThatTakesItsPlace() async throws {
        let directory = NSTemporaryDirectory() + "hoopx-\(UUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (named, other) = (directory + "/named", directory + "/other")
        let server = try Native.Server(listeningOn: named)
        let foreign = try Native.Server(listeningOn: other)
        defer {
            server.end()
            foreign.end()
        }
        let egress = FakeEgress.nothing()
        let outcome = try await Sandboxed.run(
            python: """
                def dial(path): return attempt(lambda: socket.socket(socket.AF_UNIX).connect(path))
                os.chdir("\(directory)")
                os.symlink("named", "link"); os.link("named", "hard")
                print(dial("\(named)"), dial("named"), dial("link"), dial("hard"), dial("other"))
                os.rename("named", "kept"); os.symlink("other", "named")
                print(dial("named"), dial("kept"))
                os.unlink("named"); os.rename("other", "named")
                print(dial("named"))
                """, egress, localRules: rules(unix: [named, directory + "/missing"]))
        #expect(outcome.output == "ok ok ok ok EACCES\nEACCES ok\nEACCES")
    }

    @Test func aConnectionToANamedSocketFileIsToldOnceByThePathThatTheConfigurationNames() async throws {
        let directory = NSTemporaryDirectory() + "hoopx-\(UUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (real, named) = (directory + "/real", directory + "/named")
        try FileManager.default.createSymbolicLink(atPath: named, withDestinationPath: "real")
        let server = try Native.Server(listeningOn: real)
        defer { server.end() }
        let egress = FakeEgress.nothing()
        let outcome = try await Sandboxed.run(
            python: """
                def dial(path): return attempt(lambda: socket.socket(socket.AF_UNIX).connect(path))
                os.chdir("\(directory)"); os.symlink("real", "link"); os.link("real", "hard")
                print(dial("\(named)"), dial("\(real)"), dial("link"), dial("hard"))
                twice = socket.socket(socket.AF_UNIX); twice.connect("named")
                print(attempt(lambda: twice.connect("named")))
                own = socket.socket(socket.AF_UNIX); own.bind("own"); own.listen()
                quiet = socket.socket(socket.AF_UNIX); quiet.bind("\\0quiet-%d" % os.getpid()); quiet.listen()
                print(dial("own"), dial(quiet.getsockname()), dial("missing"))
                """, egress, localRules: rules(unix: [named]))
        #expect(outcome.output == "ok ok ok ok\nEISCONN\nok ok ENOENT")
        // Neither what was no connection nor what stayed within the target.
        #expect(egress.seen.direct == Array(repeating: "\(named) python3", count: 5))
    }

    @Test func onlyANamedPortIsReachedFromOutside() async throws {
        // Free a moment ago.
        let named = try Listening(port: 0).port
        let outcome = try await Sandboxed.run(
            python: """
                def serve(port):
                    server = socket.socket(); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    server.bind(("0.0.0.0", port)); server.listen()
                    return server.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16).rstrip(b"\\0").decode()
                print([serve(0), serve(\(named))])
                """, FakeEgress.nothing(), localRules: rules(listen: [named]))
        #expect(outcome.output == "['lo', '']")
    }

    /// Else the target could take what hoopx sends there, by an address that the real server does not listen at.
    @Test func nobodyInsideListensWhereHoopxTalksToAServiceOfThisMachine() async throws {
        let kept = try Listening(port: 0).port
        let outcome = try await Sandboxed.run(
            python: """
                def serve(family, address, port):
                    server = socket.socket(family); server.bind((address, port)); server.listen()
                    server.close()
                for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                    print(attempt(lambda: serve(family, address, \(kept))), attempt(lambda: serve(family, address, 0)))
                unbound = socket.socket(); print(attempt(lambda: unbound.listen()))
                """, FakeEgress.nothing(), localRules: rules(listen: [kept], kept: [kept]))
        #expect(outcome.output == "EADDRINUSE ok\nEADDRINUSE ok\nEADDRINUSE ok\nEADDRINUSE ok\nok")
    }
}

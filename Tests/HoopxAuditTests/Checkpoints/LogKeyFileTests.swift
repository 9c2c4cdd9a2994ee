import Glibc
import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxAudit

struct LogKeyFileTests {
    private static func withDirectory(_ body: (TemporaryDirectory) async throws -> Void) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try await body(directory)
    }

    @Test func aKeyIsMadeOnceAndIsTheUsersAlone() async throws {
        try await Self.withDirectory { directory in
            let file = LogKeyFile(directory: directory.path, origin: LogKeyFile.newOrigin())
            #expect(try file.find()?.verifier == nil)
            let made = try file.findOrMake().verifier
            #expect(try file.findOrMake().verifier == made)
            #expect(try file.find()?.verifier == made)
            var status = stat()
            #expect(lstat(file.path, &status) == 0 && status.st_mode == S_IFREG | 0o600)
            // Nothing else stays behind.
            #expect(directory.contents().count == 1)
        }
    }

    @Test func whoMakesItAtOnceGetsTheSame() async throws {
        try await Self.withDirectory { directory in
            let file = LogKeyFile(directory: directory.path, origin: LogKeyFile.newOrigin())
            let keys = try await withThrowingTaskGroup(of: LogVerifier.self) { group in
                // As if none of them had found one.
                for _ in 0..<8 { group.addTask { try file.make().verifier } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(keys == [try #require(try file.find()).verifier])
            #expect(directory.contents().count == 1)
        }
    }

    @Test func eachLogHasItsOwn() async throws {
        try await Self.withDirectory { directory in
            let origins = [LogKeyFile.newOrigin(), LogKeyFile.newOrigin()]
            let keys = try origins.map { try LogKeyFile(directory: directory.path, origin: $0).findOrMake().verifier }
            #expect(keys.map(\.name) == origins)
            #expect(keys[0] != keys[1])
        }
    }

    @Test func aKeyThatIsNotTheLogsOwnIsRefused() async throws {
        try await Self.withDirectory { directory in
            let origin = LogKeyFile.newOrigin()
            let file = LogKeyFile(directory: directory.path, origin: origin)
            let name = String(file.path.split(separator: "/").last ?? "")
            let stranger = LogSigner.generate(origin: LogKeyFile.newOrigin())
            try stranger.encoded.withValue { _ = try directory.file(name, $0 + "\n") }
            #expect(throws: HoopxError.self) { try file.findOrMake() }
            try directory.file(name, "nonsense\n")
            let error = #expect(throws: HoopxError.self) { try file.findOrMake() }
            #expect(error?.found == "it holds no signing key")
            try directory.file(name, "", mode: 0o600)
            #expect(throws: HoopxError.self) { try file.findOrMake() }
        }
    }

    @Test func aKeyThatOthersMayReadIsRefused() async throws {
        try await Self.withDirectory { directory in
            let file = LogKeyFile(directory: directory.path, origin: LogKeyFile.newOrigin())
            _ = try file.findOrMake()
            chmod(file.path, 0o640)
            #expect(throws: HoopxError.self) { try file.findOrMake() }
            // Nor is a link followed, to wherever it leads.
            let target = file.path + ".real"
            #expect(chmod(file.path, 0o600) == 0 && rename(file.path, target) == 0 && symlink(target, file.path) == 0)
            #expect(throws: HoopxError.self) { try file.findOrMake() }
        }
    }
}

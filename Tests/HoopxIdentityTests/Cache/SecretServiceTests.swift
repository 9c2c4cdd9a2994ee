import Foundation
import HoopxCore
import HoopxLinux
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

@Suite(.timeLimit(.minutes(2))) struct SecretServiceTests {
    private let key = CacheFixture.key

    private func withScope(_ body: (FixtureScope) async throws -> Void) async throws {
        let scope = FixtureScope()
        do {
            try await body(scope)
        } catch {
            await scope.unwind()
            throw error
        }
        await scope.unwind()
    }

    private func cache(
        _ fixture: CacheFixture, _ environment: [String: String], timeout: Duration = .seconds(60)
    ) throws(HoopxError) -> SealedFileCache {
        try .withSecretService(directory: fixture.directory, environment: environment, timeout: timeout)
    }

    private func failure(_ body: () async throws(HoopxError) -> Void) async -> HoopxError? {
        do throws(HoopxError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test func aLoginOutlastsTheServiceAndIsLockedWithIt() async throws {
        try await withScope { scope in
            let fixture = try CacheFixture()
            let first = try await DesktopSession(scope)
            let keyring = try await first.startKeyring(password: "of the test")
            // Far more than secret-tool takes.
            let identity = CachedIdentity(
                idToken: Secret("a." + String(repeating: "b", count: 12_000) + ".c"), refreshToken: Secret("refresh"),
                issuerSnapshot: [UInt8](repeating: 7, count: 40_000), obtainedAt: .now())
            #expect(try await cache(fixture, first.environment).load(key).isNothing)
            try await cache(fixture, first.environment).store(identity, for: key)
            #expect(try await cache(fixture, first.environment).load(key).identity?.contents == identity.contents)

            keyring.send(15)
            _ = try await keyring.exit()
            let home = first.environment["HOME"]
            let second = try await DesktopSession(scope, home: home)
            let locked = try await second.startKeyring(password: nil)
            for error in [
                await failure { () throws(HoopxError) in _ = try await cache(fixture, second.environment).load(key) },
                await failure { () throws(HoopxError) in
                    try await cache(fixture, second.environment).store(identity, for: key)
                },
            ] {
                #expect(error?.found == "the collection that holds hoopx's key is locked")
                #expect(error?.hint?.hasPrefix("unlock the login keyring") == true)
            }
            locked.send(15)
            _ = try await locked.exit()

            let third = try await DesktopSession(scope, home: home)
            _ = try await third.startKeyring(password: "of the test")
            #expect(try await cache(fixture, third.environment).load(key).identity?.contents == identity.contents)
        }
    }

    @Test func aKeyThatTheUserRemovedIsALostOne() async throws {
        try await withScope { scope in
            let fixture = try CacheFixture()
            let session = try await DesktopSession(scope)
            _ = try await session.startKeyring(password: "of the test")
            let cache = try cache(fixture, session.environment)
            try await cache.store(CacheFixture.identity, for: key)
            let cleared = try await session.run([
                "/usr/bin/secret-tool", "clear", "application", "hoopx", "purpose", "token-cache-key",
            ])
            #expect(cleared.exit == .status(0), "\(cleared)")
            #expect(
                try await cache.load(key).loss?.reason == .keyLost("its key is not in the Secret Service any more"))
            try await cache.store(CacheFixture.identity, for: key)
            #expect(try await cache.load(key).identity != nil)
        }
    }

    @Test func cachesThatMakeAKeyAtTheSameTimeAgree() async throws {
        try await withScope { scope in
            let fixture = try CacheFixture()
            let session = try await DesktopSession(scope)
            _ = try await session.startKeyring(password: "of the test")
            let cache = try cache(fixture, session.environment)
            let keys = (0..<6).map { CacheKey(issuer: "https://\($0)", clientID: "x") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in keys { group.addTask { try await cache.store(CacheFixture.identity, for: key) } }
                try await group.waitForAll()
            }
            for key in keys { #expect(try await cache.load(key).identity != nil) }
        }
    }

    @Test func whatIsNoKeyOfHoopxsIsAnErrorWithItsRemedy() async throws {
        try await withScope { scope in
            let fixture = try CacheFixture()
            let session = try await DesktopSession(scope)
            _ = try await session.startKeyring(password: "of the test")
            let stored = try await session.run([
                "/bin/sh", "-c",
                "echo other | secret-tool store --label=x application hoopx purpose token-cache-key",
            ])
            #expect(stored.exit == .status(0), "\(stored)")
            let error = await failure { () throws(HoopxError) in
                try await cache(fixture, session.environment).store(CacheFixture.identity, for: key)
            }
            #expect(error?.found == "what it has for hoopx is not a key of hoopx's")
            #expect(error?.hint?.contains("secret-tool clear application hoopx") == true)
        }
    }

    @Test func whereThereIsNoServiceTheErrorNamesTheOtherCaches() async throws {
        try await withScope { scope in
            let fixture = try CacheFixture()
            let bus = try await DesktopSession(scope)
            let environments = [
                bus.environment,
                ["PATH": "/usr/bin", "HOME": fixture.directory],
                ["PATH": "/usr/bin", "HOME": fixture.directory, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"],
                ["PATH": "/nonexistent"],
            ]
            for environment in environments {
                let error = await failure { () throws(HoopxError) in
                    try await cache(fixture, environment).store(CacheFixture.identity, for: key)
                }
                #expect(error?.doing == "using the Secret Service")
                #expect(error?.hint?.contains("sealed_file or memory") == true, "\(String(describing: error))")
            }
            // A target may have put one into the user's own directories.
            let planted = try TemporaryDirectory(owner: .current)
            defer { planted.remove() }
            _ = try planted.file("secret-tool", "#!/bin/sh\necho planted >&2; exit 9\n", mode: 0o755)
            let missing = await failure { () throws(HoopxError) in
                try await cache(fixture, ["PATH": planted.path + ":/nonexistent"]).store(
                    CacheFixture.identity, for: key)
            }
            #expect(missing?.found == "the program secret-tool is not installed")
        }
    }

    /// Attempt 67: secret-tool starts one where a display is named and no bus is.
    @Test func noBusLauncherThatTheTargetHasPutInThePathIsStarted() async throws {
        let fixture = try CacheFixture()
        let planted = try TemporaryDirectory(owner: .current)
        defer { planted.remove() }
        let ran = planted.path + "/ran"
        _ = try planted.file("dbus-launch", "#!/bin/sh\necho > \(ran); exit 9\n", mode: 0o755)
        let environment = ["PATH": planted.path + ":/usr/bin:/bin", "HOME": fixture.directory, "DISPLAY": ":7777"]
        _ = try await HelperProcess(
            program: "/usr/bin/secret-tool", arguments: ["secret-tool", "lookup", "a", "b"], environment: environment
        ).run()
        #expect(unlink(ran) == 0, "the control")
        let error = await failure { () throws(HoopxError) in
            try await cache(fixture, environment).store(CacheFixture.identity, for: key)
        }
        #expect(error?.doing == "using the Secret Service")
        #expect(access(ran, F_OK) != 0)
    }

    /// hoopx's own environment holds credentials, which are none of its helpers' business.
    @Test func theProgramGetsNothingOfTheEnvironmentButWhereTheSessionIs() {
        let store = SecretServiceKeyStore(
            environment: [
                "PATH": "/usr/bin", "HOME": "/home/ada", "DISPLAY": ":7", "ANTHROPIC_API_KEY": "hunter2",
                "LD_PRELOAD": "x",
            ], lockPath: "/nonexistent", timeout: .seconds(1))
        #expect(
            store.environment == ["PATH": "/usr/bin", "HOME": "/home/ada", "DISPLAY": ":7", "LC_ALL": "C.UTF-8"])
    }

    @Test func aServiceThatDoesNotAnswerIsNotWaitedForForever() async throws {
        try await withScope { scope in
            let fixture = try CacheFixture()
            let session = try await DesktopSession(scope)
            let keyring = try await session.startKeyring(password: "of the test")
            keyring.send(19)  // SIGSTOP
            let cache = try cache(fixture, session.environment, timeout: .milliseconds(300))
            let error = await failure { () throws(HoopxError) in try await cache.store(CacheFixture.identity, for: key)
            }
            #expect(error?.found == "secret-tool did not end within 0.3 seconds")
        }
    }
}

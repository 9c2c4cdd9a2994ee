import CHoopxTestSupport
import Glibc
@testable import HoopxLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct UserKeyTests {
    /// A description of the test's own; the key is gone at its end.
    private func withDescription(_ body: (String) async throws -> Void) async throws {
        let description = "hoopx:test:\(UInt64.random(in: .min ... .max))"
        defer { try? UserKey.find(description)?.remove() }
        try await body(description)
    }

    @Test func aKeyIsFoundWithItsPayload() async throws {
        try await withDescription { description in
            #expect(try UserKey.find(description) == nil)
            let made = try UserKey.findOrMake(description, payload: [1, 2, 3])
            #expect(try UserKey.find(description) == made)
            #expect(try made.payload() == [1, 2, 3])
            #expect(try UserKey.findOrMake(description, payload: [4]) == made)
            #expect(try made.payload() == [1, 2, 3], "the second maker got the first's")
        }
    }

    @Test func aKeyThatIsRemovedIsGone() async throws {
        try await withDescription { description in
            let key = try UserKey.findOrMake(description, payload: [1])
            try key.remove()
            #expect(try UserKey.find(description) == nil)
            try key.remove()
            let next = try UserKey.findOrMake(description, payload: [2])
            #expect(next != key)
            #expect(try next.payload() == [2])
        }
    }

    @Test func whoMakesAKeyAtTheSameTimeGetsTheSame() async throws {
        for _ in 0..<50 {
            try await withDescription { description in
                let payloads = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                    for number in 0..<8 {
                        group.addTask { try await Self.onThread { try? Self.made(description, UInt8(number)) } }
                    }
                    return try await group.reduce(into: Set<[UInt8]?>()) { $0.insert($1) }
                }
                #expect(payloads.count == 1 && !payloads.contains(nil), "\(payloads)")
            }
        }
    }

    private static func made(_ description: String, _ number: UInt8) throws -> [UInt8]? {
        try UserKey.findOrMake(description, payload: [number]).payload()
    }

    @Test func nobodyCanWriteAKeyAndOtherUsersCannotReadIt() async throws {
        try await withDescription { description in
            _ = try UserKey.findOrMake(description, payload: [1])
            let line = TextFile.read("/proc/keys")?.split(separator: "\n").first { $0.contains(description) }
            let words = try #require(line).split(separator: " ")
            // Possessor, user, group, others (proc(5), /proc/keys).
            #expect(words[3] == "perm", "it does not expire")
            #expect(words[4] == "3b0b0000")
        }
    }

    /// As under a service manager, whose session keyring has no link to the user's.
    @Test func aSessionWithoutALinkToTheUserKeyringFindsAndReadsTheKey() async throws {
        try await withDescription { description in
            let key = try UserKey.findOrMake(description, payload: [7])
            let seen = try await Self.onThread { () -> [UInt8] in
                // On a thread of its own: credentials, and so session keyrings, are each thread's.
                guard hoopx_test_keyctl(1, 0, 0) > 0 else { return [] }  // KEYCTL_JOIN_SESSION_KEYRING
                return (try? UserKey.find(description)?.payload()) ?? []
            }
            #expect(seen == [7])
            #expect(try UserKey.find(description) == key)
        }
    }

    @Test func aRevokedKeyIsReplaced() async throws {
        try await withDescription { description in
            let key = try UserKey.findOrMake(description, payload: [1])
            try #require(hoopx_test_keyctl(3, Int(key.serial), 0) == 0)  // KEYCTL_REVOKE
            #expect(try UserKey.find(description) == nil)
            #expect(try key.payload() == nil)
            let next = try UserKey.findOrMake(description, payload: [2])
            #expect(try next.payload() == [2])
            #expect(try UserKey.find(description) == next)
        }
    }

    @Test func whereKeyringsAreRefusedThatIsTheReason() async throws {
        let reason = try await Self.onThread { () -> Errno? in
            guard hoopx_test_refuse_keyrings() == 0 else { return nil }
            do throws(Errno) {
                _ = try UserKey.findOrMake("hoopx:test:refused", payload: [1])
                return nil
            } catch {
                return error
            }
        }
        #expect(reason == Errno(EPERM))
    }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do throws(Errno) {
                _ = try ServiceThread(name: "test") { continuation.resume(returning: body()) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

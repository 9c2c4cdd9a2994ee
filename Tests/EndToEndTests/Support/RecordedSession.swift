import Foundation
import HoopxTestSupport

/// What `hoopx sessions show --json` says, as far as tests ask for it.
struct RecordedSession: Decodable {
    struct Principal: Decodable {
        let kind: String
        let name: String
        let subject: String
        let verified: Bool
        let issuer: String?
        let email: String?
        let groups: [String]
        let claims: [String: String]
        let verification: Verification?

        struct Verification: Decodable {
            let method: String
            let algorithm: String
            let keyId: String?
        }
    }

    struct Program: Decodable {
        let path: String
        let sha256: String?
    }

    struct Ending: Decodable, Equatable {
        let kind: String
        var status: Int? = nil
        var signal: Int? = nil
    }

    struct Connection: Decodable {
        let number: Int
        let destination: String
        let verdict: String
        let rule: String?
        let code: String?
        let pid: Int?
        let command: String?
        let count: Int
        /// nil where nobody counts them.
        let bytesSent: Int?
        let bytesReceived: Int?
        let durationUs: Int?
    }

    struct Request: Decodable {
        let connectionNumber: Int
        let method: String
        let path: String
        let status: Int?
        let credential: String
        let lease: String?
        let clientToken: String?
        let denial: String?
        let requestBytes: Int
        let responseBytes: Int
        let firstByteUs: Int?
        let durationUs: Int?
    }

    struct Lease: Decodable {
        let id: String
        let connection: String
        let source: String
        let ending: String?
    }

    struct Denial: Decodable {
        let code: String
        let subject: String
        let hint: String
        let count: Int
    }

    struct Executions: Decodable {
        struct Execution: Decodable {
            let number: Int
            let pid: Int?
            let parentPid: Int?
            let path: String?
            let arguments: [String]
            let truncated: Bool
        }

        let recorded: [Execution]
        let unrecordedCount: Int
        let missedCount: Int
    }

    let session: String
    let principal: Principal
    let arguments: [String]
    let workingDirectory: String
    let program: Program
    let startedAt: String
    let endedAt: String?
    let state: String
    let ending: Ending?
    let datagramTier: String?
    let weakenings: [String]
    let requestCount: Int
    let connections: [Connection]?
    let requests: [Request]?
    let leases: [Lease]?
    let denials: [Denial]?
    let advisoryExecutions: Executions?
}

extension HoopxFixture {
    /// The sessions that the fixture's user has, newest first.
    func sessions() async throws -> [RecordedSession] {
        let listed = try await start(["sessions", "list", "--json"]).finish()
        guard listed.exit == .status(0) else { throw TestSupportError("sessions list failed: \(listed)") }
        return try listed.stdout.split(separator: "\n").map { try Self.decode(String($0)) }
    }

    /// The newest session with its contents.
    func newestSession() async throws -> RecordedSession {
        guard let newest = try await sessions().first else { throw TestSupportError("no session was recorded") }
        let shown = try await start(["sessions", "show", newest.session, "--json"]).finish()
        guard shown.exit == .status(0) else { throw TestSupportError("sessions show failed: \(shown)") }
        return try Self.decode(shown.stdout)
    }

    private static func decode(_ text: String) throws -> RecordedSession {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(RecordedSession.self, from: Data(text.utf8))
    }
}

import Foundation

/// A third party that verifies a log's proofs with Go's libraries: Clients/tlog.go, verify.
public enum ThirdPartyVerifier {
    /// What it says of a proof (C2SP tlog-proof) that a file's bytes are a leaf of the log with this key.
    public static func verify(_ proof: String, leafFile: String, key: String) async throws -> FinishedProcess {
        let process = try RunningProcess(
            [try ServicePrograms.built("tlog"), "verify", key, leafFile], environment: [:], directory: "/")
        process.write(proof)
        return try await process.finish()
    }
}

/// A witness of a log, on loopback, with Go's libraries: Clients/tlog.go, witness.
public final class WitnessServer: Sendable {
    /// The submission prefix.
    public let url: String
    /// What its cosignatures are verified with.
    public let key: String
    private let process: RunningProcess

    /// - Parameters:
    ///   - logKey: the key of the only log that it knows.
    ///   - knownSize: how many leaves of the log it has cosigned already; what they are it does not know.
    public init(logKey: String, knownSize: Int64 = 0) async throws {
        process = try RunningProcess(
            [try ServicePrograms.built("tlog"), "witness", "witness.example/w1", String(knownSize), logKey],
            environment: [:], directory: "/")
        do {
            try await process.waitForStdout("\nready\n")
        } catch {
            process.send(SIGKILL)
            throw error
        }
        let lines = process.stdout.split(separator: "\n")
        url = "http://127.0.0.1:\(lines[0])/prefix"
        key = String(lines[1])
    }

    public func stop() { process.send(SIGKILL) }
}

import HoopxAudit
import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxSession

struct NetworkAnchorTests {
    private static func control() throws -> ControlClient {
        ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
    }
    private static let limit = Duration.seconds(20)

    private struct Log: TreeNodes {
        let signer = LogSigner.generate(origin: "hoopx.local/test")
        var leaves: [TreeHash]

        init(size: Int, mark: String = "") {
            leaves = (0..<size).map { TreeHash(leaf: Array("\(mark)\($0)".utf8)) }
        }

        func hashes(level: Int, numbers: Range<Int64>) -> [TreeHash] {
            precondition(level == 0)
            return Array(leaves[Int(numbers.lowerBound)..<Int(numbers.upperBound)])
        }

        func signed(_ size: Int64, by signer: LogSigner? = nil) throws -> SignedCheckpoint {
            let checkpoint = Checkpoint(origin: "hoopx.local/test", size: size, root: root(size: size))
            return try SignedCheckpoint((signer ?? self.signer).sign(checkpoint))
        }
    }

    private static func withWitness(
        of log: Log, knownSize: Int64 = 0, _ body: (WitnessClient) async throws -> Void
    ) async throws {
        let server = try await WitnessServer(logKey: log.signer.verifier.description, knownSize: knownSize)
        defer { server.stop() }
        try await body(WitnessClient(url: server.url, key: try LogVerifier(server.key), control: try control()))
    }

    @Test func aWitnessCosignsEachContinuationOfTheLog() async throws {
        let log = Log(size: 40)
        try await Self.withWitness(of: log) { client in
            var known: Int64 = 0
            for size in [1, 2, 7, 7, 40] as [Int64] {
                let signed = try log.signed(size)
                let signatures = try await client.cosign(signed, knownSize: known, within: Self.limit) { old in
                    ConsistencyProof(from: old, to: size, in: log)
                }
                #expect(client.key.verify(SignedNote(text: signed.note.text, signatures: signatures)) == .valid)
                known = size
            }
        }
    }

    @Test func aWitnessThatKnowsMoreThanIsRememberedIsAskedAgain() async throws {
        let log = Log(size: 40)
        try await Self.withWitness(of: log) { client in
            for size in [9, 40] as [Int64] {
                let signed = try log.signed(size)
                let signatures = try await client.cosign(signed, knownSize: 0, within: Self.limit) { old in
                    ConsistencyProof(from: old, to: size, in: log)
                }
                #expect(client.key.verify(SignedNote(text: signed.note.text, signatures: signatures)) == .valid)
            }
        }
    }

    @Test func aWitnessThatHasSeenALargerLogTellsOfTheRollback() async throws {
        let log = Log(size: 40)
        try await Self.withWitness(of: log, knownSize: 30) { client in
            let signed = try log.signed(20)
            let error = await #expect(throws: HoopxError.self) {
                try await client.cosign(signed, knownSize: 0, within: Self.limit) { old in
                    ConsistencyProof(from: old, to: 20, in: log)
                }
            }
            #expect(error?.found == "it has cosigned the log with 30 events, and here it has 20")
        }
    }

    @Test func aWitnessCosignsNoFork() async throws {
        let log = Log(size: 40)
        var fork = log
        fork.leaves[3] = TreeHash(leaf: Array("forged".utf8))
        try await Self.withWitness(of: log) { client in
            _ = try await client.cosign(try log.signed(10), knownSize: 0, within: Self.limit) { old in
                ConsistencyProof(from: old, to: 10, in: log)
            }
            for (size, found) in [
                (20, "it does not take the log for a continuation of what it has cosigned"),
                (10, "it has cosigned another log of this name and size"),
            ] as [(Int64, String)] {
                let signed = try fork.signed(size)
                let error = await #expect(throws: HoopxError.self) {
                    try await client.cosign(signed, knownSize: 10, within: Self.limit) { [fork] old in
                        ConsistencyProof(from: old, to: size, in: fork)
                    }
                }
                #expect(error?.found == found)
            }
        }
    }

    @Test func aWitnessOfAnotherKeyIsToldFromOneThatDoesNotKnowTheLog() async throws {
        let log = Log(size: 5)
        try await Self.withWitness(of: log) { client in
            let stranger = LogSigner.generate(origin: "hoopx.local/test")
            let error = await #expect(throws: HoopxError.self) {
                try await client.cosign(try log.signed(5, by: stranger), knownSize: 0, within: Self.limit) { old in
                    ConsistencyProof(from: old, to: 5, in: log)
                }
            }
            #expect(error?.found == "it does not know the log's key")
            // What it signs counts with its own key only.
            let other = WitnessClient(
                url: client.url, key: try LogVerifier(Self.strangersKey), control: try Self.control())
            let refused = await #expect(throws: HoopxError.self) {
                try await other.cosign(try log.signed(5), knownSize: 0, within: Self.limit) { old in
                    ConsistencyProof(from: old, to: 5, in: log)
                }
            }
            #expect(refused?.found.contains("no valid signature of PeterNeumann") == true)
        }
    }

    private static let strangersKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func aTimeStampIsVerifiedBeforeItIsKept() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let authority = try TimestampAuthority(directory: try directory.directory("tsa"))
        let stranger = try TimestampAuthority(directory: try directory.directory("stranger"))
        let server = try await authority.server()
        let note = try Log(size: 3).signed(3).note
        let client = TimestampClient(url: server.url, authorities: authority.authorities, control: try Self.control())
        let response = try await client.stamp(note, within: Self.limit)
        #expect(try authority.verifies(response.der, of: Array(note.encoded.utf8)))
        let mistaken = TimestampClient(url: server.url, authorities: stranger.authorities, control: try Self.control())
        let error = await #expect(throws: HoopxError.self) { try await mistaken.stamp(note, within: Self.limit) }
        #expect(error?.found.hasPrefix("its answer does not count: certificate verify error") == true)
        await server.close()
        // Another client: this one has kept its connection.
        let late = TimestampClient(url: server.url, authorities: authority.authorities, control: try Self.control())
        await #expect(throws: HoopxError.self) { try await late.stamp(note, within: Self.limit) }
    }

    @Test func anAnswerToAnotherQuestionDoesNotCount() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let authority = try TimestampAuthority(directory: try directory.directory("tsa"))
        let note = try Log(size: 3).signed(3).note
        // The right data, and an old nonce: an answer that was kept.
        let replay = try authority.reply(to: TimestampRequest(for: Array(note.encoded.utf8)).der)
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["content-length": String(replay.count)]), .bytes(replay), .end(nil)]
        }
        let client = TimestampClient(url: server.url, authorities: authority.authorities, control: try Self.control())
        let error = await #expect(throws: HoopxError.self) { try await client.stamp(note, within: Self.limit) }
        #expect(error?.found == "its answer does not count: nonce mismatch")
        await server.close()
    }
}

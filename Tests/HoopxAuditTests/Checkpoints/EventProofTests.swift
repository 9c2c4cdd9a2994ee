import Foundation
import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxAudit

struct EventProofTests {
    @Test func aProofConvincesGosChecksumLibrary() async throws {
        try await LoggedRecord.run { record in
            // Beyond one kept node, so that both ways to a hash are gone.
            let sessions = try (0..<4).map { try record.session("20261101-aaaaaaa\($0)", requests: 70) }
            let key = try #require(try record.report().key).description
            let leafFile = record.directory + "/leaf"
            for (session, sequence) in [(sessions[0], 1), (sessions[1], 40), (sessions[3], 72)] as [(SessionID, Int64)]
            {
                let name = EventName.event(session: session.description, sequence: sequence)
                let proof = try record.store.prove(name, against: nil)
                let payload = try #require(proof.payload)
                try Data(payload).write(to: URL(fileURLWithPath: leafFile))
                let verdict = try await ThirdPartyVerifier.verify(proof.document.encoded, leafFile: leafFile, key: key)
                #expect(verdict.exit == .status(0), "\(verdict)")
                #expect(verdict.stdout == "leaf \(proof.inclusion.leafIndex) of \(proof.inclusion.treeSize)\n")
                #expect(try TransparencyProof(proof.document.encoded).extra == payload)

                // And nothing else convinces it.
                try Data(payload + [0x20]).write(to: URL(fileURLWithPath: leafFile))
                let other = try await ThirdPartyVerifier.verify(proof.document.encoded, leafFile: leafFile, key: key)
                #expect(other.exit == .status(1), "\(other)")
            }
        }
    }

    @Test func anEventIsNamedByItsLeafOrItsSession() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            let leaf = try record.leaf(session, 3)
            let proof = try record.store.prove(.leaf(leaf), against: nil)
            for text in ["20261101-aaaaaaaa:3", "20261101:3", "aaaa:3", "AAAA:3"] {
                let name = try #require(EventName(text))
                #expect(try record.store.prove(name, against: nil).payload == proof.payload)
            }
            for text in ["", "-1", "x", "1:", ":1", "a:0", "a:1:1", "1.5"] { #expect(EventName(text) == nil) }
            #expect(throws: HoopxError.self) { try record.store.prove(.leaf(99), against: nil) }
            #expect(throws: HoopxError.self) {
                try record.store.prove(.event(session: "bbbb", sequence: 1), against: nil)
            }
            try record.session("20261101-aaaabbbb")
            #expect(throws: HoopxError.self) {
                try record.store.prove(.event(session: "aaaa", sequence: 1), against: nil)
            }
        }
    }

    @Test func anEventThatNoCheckpointCoversGetsOneNow() async throws {
        try await LoggedRecord.run(checkpointInterval: 1_000) { record in
            let session = try record.session("20261101-aaaaaaaa", isOver: false)
            #expect(try record.store.newestCheckpoint() == nil)
            let proof = try record.store.prove(.event(session: session.description, sequence: 6), against: nil)
            #expect(proof.checkpoint.checkpoint.size == 7)
            #expect(try record.store.newestCheckpoint() == proof.checkpoint)
            #expect(try record.findings() == [])
        }
    }

    @Test func aCheckpointThatWasKeptIsProvedAgainst() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            let kept = try #require(try record.store.newestCheckpoint())
            try record.session("20261101-bbbbbbbb", requests: 30)
            let proof = try record.store.prove(.event(session: session.description, sequence: 3), against: kept)
            #expect(proof.checkpoint == kept)
            #expect(proof.inclusion.treeSize == 8)
            // One that it does not cover, and one of another log.
            #expect(throws: HoopxError.self) {
                try record.store.prove(.event(session: "20261101-bbbbbbbb", sequence: 9), against: kept)
            }
            let stranger = Checkpoint(origin: kept.checkpoint.origin, size: 8, root: TreeHash(leaf: [1]))
            let forged = try SignedCheckpoint(LogSigner.generate(origin: stranger.origin).sign(stranger))
            let error = #expect(throws: HoopxError.self) { try record.store.prove(.leaf(1), against: forged) }
            #expect(error?.found == "the log is not that which the checkpoint was signed for")
        }
    }

    @Test func anEventThatWasChangedIsNotProved() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            let leaf = try record.leaf(session, 3)
            try record.edit("UPDATE event SET payload = x'7b7d' WHERE leaf = \(leaf)")
            #expect(throws: HoopxError.self) { try record.store.prove(.leaf(leaf), against: nil) }
        }
    }

    @Test func aWitnessThatHasCosignedStandsInTheProof() async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            let newest = try #require(try record.store.newestCheckpoint())
            let line = "\u{2014} witness.example/w1 AAAAAQAAAAA=\n"
            try record.store.record(
                AnchorRecord(
                    size: newest.checkpoint.size, kind: .witness, place: "https://w", time: .now(),
                    evidence: Array(line.utf8)))
            let proof = try record.store.prove(.leaf(0), against: nil)
            #expect(proof.document.encoded.hasSuffix(line))
            #expect(proof.checkpoint.note.signatures.count == 2)
        }
    }
}

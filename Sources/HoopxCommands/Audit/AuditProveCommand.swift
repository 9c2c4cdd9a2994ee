import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxJSON
import HoopxTransparency

/// `hoopx audit prove`: a proof that an event is in the log, for someone who has nothing else of it.
struct AuditProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Proves to a third party that an event is in the log.",
        discussion: """
            Prints a transparency log proof (C2SP tlog-proof): the event as its extra data, its place in the log, the \
            hashes that lead from it to the tree's root, and the checkpoint that is signed for it, by witnesses too \
            where they have cosigned it. Whoever has it and the log's key (hoopx audit key) needs neither hoopx nor the \
            record to verify it.

            Examples:
              hoopx audit prove 20261126-0a1b2c3d:4 > event.tlog-proof
              hoopx audit prove --leaf event.json 17 > event.tlog-proof
            """)

    @Argument(help: "A leaf of the log, from 0, or SESSION:NUMBER, the number of an event in its session, from 1.")
    var event: String

    @Option(
        help: ArgumentHelp("Prove it against this checkpoint instead of the newest one.", valueName: "file"),
        completion: .file())
    var checkpoint: String?

    @Option(
        help: ArgumentHelp("Write the event too, the bytes that are the leaf, into this file.", valueName: "file"),
        completion: .file())
    var leaf: String?

    @Flag(help: "Write one JSON object, for programs.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let doing = "proving an event"
            guard let name = EventName(event) else {
                throw HoopxError(
                    .usage, doing: doing, found: "\(event) is no name of an event",
                    hint: "name a leaf of the log, such as 17, or SESSION:NUMBER")
            }
            guard let store = try SQLiteAuditStore.existing(directory: try OwnRecord.directory()) else {
                throw OwnRecord.nothing(doing)
            }
            let given = try checkpoint.map { path throws(HoopxError) in try Self.newest(in: path) }
            let proof = try store.prove(name, against: given)
            if let leaf {
                guard let payload = proof.payload else {
                    throw HoopxError(.startup, doing: doing, found: "the event was deleted for its age")
                }
                try OutsideFile.write(payload, to: leaf)
            }
            // The document has a line feed at its end already.
            if json {
                Console.print(json: Self.json(of: proof).page)
            } else {
                Console.print(String(proof.document.encoded.dropLast()))
            }
            if proof.payload == nil {
                Console.say("the event itself was deleted for its age: the proof is for whoever has kept it")
            }
            return 0
        }
    }

    private static func newest(in path: String) throws(HoopxError) -> SignedCheckpoint {
        let found = try OutsideCheckpoints(given: path)
        guard let newest = found.checkpoints.map(\.signed).max(by: { $0.checkpoint.size < $1.checkpoint.size }) else {
            throw HoopxError(
                .usage, doing: "reading the checkpoint \(path)", found: "there is none in it",
                hint: "hoopx audit checkpoints --export DIRECTORY writes some")
        }
        return newest
    }

    private static func json(of proof: EventProof) -> JSONValue {
        .object([
            "event": proof.payload.flatMap { try? JSONValue(json: $0) } ?? .null,
            "leaf": .integer(proof.inclusion.leafIndex),
            "leaf_hash": .string(proof.leafHash.base64),
            "tree_size": .integer(proof.inclusion.treeSize),
            "root_hash": .string(proof.checkpoint.checkpoint.root.base64),
            "path": .array(proof.inclusion.path.map { .string($0.base64) }),
            "checkpoint": .string(proof.checkpoint.note.encoded),
            "proof": .string(proof.document.encoded),
        ])
    }
}

import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxJSON

/// `hoopx audit checkpoints`: the log's signed checkpoints, and where they are anchored.
struct AuditCheckpointsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoints",
        abstract: "Lists the log's signed checkpoints, or writes them into files.",
        discussion: """
            With --export each checkpoint becomes a file, and each time stamp one beside it, for verifiers that know \
            nothing of hoopx:

              hoopx audit checkpoints --export DIRECTORY
              openssl ts -verify -data NAME.checkpoint -in NAME.tsr -CAfile tsa_ca.pem
            """)

    @Option(
        help: ArgumentHelp("Write them into this directory instead, which exists.", valueName: "directory"),
        completion: .directory)
    var export: String?

    @Flag(help: "Write one JSON object a line, for programs.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            guard let store = try SQLiteAuditStore.existing(directory: try OwnRecord.directory()) else {
                throw OwnRecord.nothing("listing the checkpoints")
            }
            let checkpoints = try store.checkpoints()
            if let export {
                for checkpoint in checkpoints { try CheckpointExport(directory: export).write(checkpoint) }
            } else if json {
                for checkpoint in checkpoints { Console.print(json: Self.json(of: checkpoint).json) }
            } else {
                var table = TextTable(header: ["EVENTS", "SIGNED", "ANCHORED AT"])
                for checkpoint in checkpoints {
                    let places = checkpoint.anchors.map(\.place)
                    table.add([
                        String(checkpoint.signed.checkpoint.size), HumanText.localTime(checkpoint.time),
                        places.isEmpty ? "-" : places.joined(separator: ", "),
                    ])
                }
                for line in table.lines(width: Console.width) { Console.print(line) }
            }
            return 0
        }
    }

    private static func json(of checkpoint: AnchoredCheckpoint) -> JSONValue {
        .object([
            "size": .integer(checkpoint.signed.checkpoint.size),
            "root_hash": .string(checkpoint.signed.checkpoint.root.base64),
            "signed_at": .string(checkpoint.time.description),
            "checkpoint": .string(checkpoint.signed.note.encoded),
            "anchors": .array(
                checkpoint.anchors.map { anchor in
                    .object([
                        "kind": .string(anchor.kind.rawValue), "place": .string(anchor.place),
                        "anchored_at": .string(anchor.time.description),
                    ])
                }),
        ])
    }
}

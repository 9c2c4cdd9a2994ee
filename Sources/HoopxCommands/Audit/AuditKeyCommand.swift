import ArgumentParser
import HoopxAudit
import HoopxCore

/// `hoopx audit key`: the key that the log's checkpoints are verified with.
struct AuditKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Prints the public key that the log's checkpoints are verified with.",
        discussion: """
            In the form that verifiers of transparency logs take (vkey of C2SP signed-note). Give it to whoever shall \
            verify the log, in a way that does not lead through the record.
            """)

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let doing = "looking up the log's key"
            let directory = try OwnRecord.directory()
            guard let origin = try SQLiteAuditStore.existing(directory: directory)?.origin() else {
                throw OwnRecord.nothing(doing)
            }
            let file = LogKeyFile(directory: directory, origin: origin)
            guard let key = try file.find() else {
                throw HoopxError(
                    .startup, doing: doing, found: "\(file.path) is missing",
                    hint: "the next run makes a new key, and the log says so")
            }
            Console.print(key.verifier.description)
            return 0
        }
    }
}

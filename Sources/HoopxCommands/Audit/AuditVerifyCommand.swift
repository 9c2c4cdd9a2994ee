import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxSession
import HoopxTransparency

/// `hoopx audit verify`: compares the whole record with its log.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies the record: events, checkpoints, anchors, rows and bodies.",
        discussion: """
            Nothing is asked of the network. What is wrong is named, a line each: the leaf, the row, the body, the \
            checkpoint or the anchor. The newest checkpoint that is in order is remembered in the state directory, and \
            the next verification must find it again.

            Who does not trust the machine that the record is on gives a checkpoint that was taken elsewhere and the \
            log's key: hoopx audit verify --key KEY --checkpoint FILE.

            Exit status: 0 where all is in order, 1 where something is not; 64 for a wrong call, 125 where the record \
            cannot be read.
            """)

    @Option(help: ArgumentHelp("A key that is known to be the log's. Can be repeated.", valueName: "vkey"))
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file of checkpoints, or a directory of such files, that this log must continue. Can be repeated.",
            valueName: "file"),
        completion: .file())
    var checkpoint: [String] = []

    @Option(
        name: .customLong("tsa-ca"),
        help: ArgumentHelp(
            "Who vouches for time-stamping authorities that the configuration does not name: a PEM file.",
            valueName: "file"),
        completion: .file(extensions: ["pem", "crt"]))
    var timestampAuthorities: String?

    @Option(
        help: ArgumentHelp("A witness's key, beside those of the configuration. Can be repeated.", valueName: "vkey"))
    var witnessKey: [String] = []

    @OptionGroup var configuration: ConfigurationOption

    @Flag(help: "Write one JSON object, for programs.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let directory = try OwnRecord.directory()
            let settings = try AnchorSettings(
                configurationPath: configuration.path, environment: OwnEnvironment.variables)
            var verification = LogVerification(directory: directory)
            for text in key {
                verification.keys.append(
                    try Self.verifier(of: "the log", text, hint: "hoopx audit key prints it", LogVerifier.init(_:)))
            }
            verification.checkpointPaths = checkpoint
            verification.anchorPaths = settings.paths
            verification.timestampAuthorities = settings.timestampAuthorities
            verification.standardTimestampAuthorities = timestampAuthorities
            verification.witnessKeys = settings.witnessKeys
            for text in witnessKey {
                verification.witnessKeys.append(
                    try Self.verifier(
                        of: "the witness", text, hint: "its operator publishes it", LogVerifier.init(witness:)))
            }
            guard let report = try verification.run() else { throw OwnRecord.nothing("verifying the record") }
            if report.isInOrder, let newest = report.newest {
                try RememberedCheckpoint(directory: directory).keep(newest)
            }
            if json {
                Console.print(json: VerificationJSON.document(report))
            } else {
                for line in VerificationPage.lines(of: report) { Console.print(line) }
            }
            return report.isInOrder ? 0 : 1
        }
    }

    private static func verifier(
        of owner: String, _ text: String, hint: String, _ read: (String) throws(MalformedNote) -> LogVerifier
    ) throws(HoopxError) -> LogVerifier {
        do throws(MalformedNote) {
            return try read(text)
        } catch {
            throw HoopxError(.usage, doing: "reading \(owner)'s key \(text)", found: error.found, hint: hint)
        }
    }
}

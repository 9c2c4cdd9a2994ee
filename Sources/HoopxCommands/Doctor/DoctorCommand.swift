import ArgumentParser
import HoopxCore
import HoopxSession

/// `hoopx doctor`: what this machine can enforce.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tells what this machine can enforce.",
        discussion: """
            Looks at the kernel, at namespaces and at hoopx's own files, and then tries to get out of the sandbox for \
            real: a program of hoopx's makes a handful of attempts under supervision, and the same without, as the \
            control. What is not as it should be comes with what follows from it and what can be done.

            Exit status: 0 where hoopx run works here, with warnings or without; 1 where something is missing that it \
            cannot do without, or an attempt was not seen to be stopped; 64 for a wrong call.
            """)

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration to examine instead of $XDG_CONFIG_HOME/hoopx/config.yaml.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var configurationPath: String?

    @Flag(help: "Write one JSON object, for programs.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let examination = Examination.run(
                configurationPath: configurationPath, environment: OwnEnvironment.variables)
            if json {
                Console.print(json: DoctorJSON.document(examination))
            } else {
                for line in DoctorPage.lines(of: examination) { Console.print(line) }
            }
            return examination.canRun ? 0 : 1
        }
    }
}

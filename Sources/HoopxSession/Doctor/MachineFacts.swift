import HoopxAudit
import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxSandbox

/// Everything that the findings are judged from, but for the self-test.
struct MachineFacts {
    var survey: KernelSurvey
    var surroundings: Surroundings
    var user: LocalUser
    var programs: Result<SandboxPrograms, HoopxError>
    /// nil where the program that would tell is missing.
    var datagramTier: DatagramTier?
    var configuration: Result<Configuration, HoopxError>
    var stateDirectory: Result<ExaminedDirectory, HoopxError>
    var runtimeDirectory: ExaminedDirectory

    static func gather(configurationPath: String?, environment: [String: String]) -> MachineFacts {
        let user = LocalUser.current()
        let programs = Result { () throws(HoopxError) in try SandboxPrograms.find() }
        let runtimePath = RuntimeDirectory.Base(environment: environment).path
        return MachineFacts(
            survey: .probe(), surroundings: .current(), user: user, programs: programs,
            datagramTier: (try? programs.get()).map { .probe(namespaceProgram: $0.namespace) },
            configuration: Result { () throws(HoopxError) in
                try Configuration.load(
                    explicitPath: configurationPath, environment: environment,
                    homeDirectory: environment["HOME"] ?? user.home ?? "/")
            },
            stateDirectory: Result { () throws(HoopxError) in try stateDirectory(environment) },
            runtimeDirectory: ExaminedDirectory(path: runtimePath, condition: DirectoryCondition(of: runtimePath)))
    }

    /// - Throws: where there is no place for it, or the record in it cannot be opened.
    private static func stateDirectory(_ environment: [String: String]) throws(HoopxError) -> ExaminedDirectory {
        let path = try StateDirectory.path(in: environment)
        let directory = ExaminedDirectory(path: path, condition: DirectoryCondition(of: path))
        if directory.condition == .usable { _ = try SQLiteAuditStore.existing(directory: path) }
        return directory
    }

    /// Pure: from facts to findings.
    var findings: [Finding] {
        KernelFindings.judge(survey) + LandlockFindings.judge(survey)
            + NamespaceFindings.judge(datagramTier, survey.settings, surroundings)
            + [InstallationFindings.surroundings(surroundings), InstallationFindings.user(user)]
            + [InstallationFindings.programs(programs)] + InstallationFindings.configuration(configuration)
            + [
                InstallationFindings.stateDirectory(stateDirectory),
                InstallationFindings.runtimeDirectory(runtimeDirectory),
            ]
    }
}

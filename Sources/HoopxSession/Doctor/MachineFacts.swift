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
    /// nil where the configuration gives them up.
    var fileRules: Result<FileRules?, HoopxError>
    /// What is masked, where the detectors work here; nil where the configuration cannot be read.
    var masking: Result<String, HoopxError>?
    /// What the kernel's user keyring is refused with; nil where it can be used.
    var keyringRefusal: Errno?

    static func gather(configurationPath: String?, environment: [String: String]) -> MachineFacts {
        let user = LocalUser.current()
        let programs = Result { () throws(HoopxError) in try SandboxPrograms.find() }
        let homes = FileProtection.homes(of: user, environment: environment)
        let configuration = Result { () throws(HoopxError) in
            try Configuration.load(
                explicitPath: configurationPath, environment: environment,
                homeDirectory: homes.first ?? "/")
        }
        return MachineFacts(
            survey: .probe(), surroundings: .current(), user: user, programs: programs,
            datagramTier: (try? programs.get()).map { .probe(namespaceProgram: $0.namespace) },
            configuration: configuration,
            stateDirectory: Result { () throws(HoopxError) in try stateDirectory(environment) },
            fileRules: Result { () throws(HoopxError) in
                try fileRules((try? configuration.get()) ?? .builtIn, configurationPath, homes, environment)
            }, masking: (try? configuration.get()).map { masking($0.masking) }, keyringRefusal: keyringRefusal())
    }

    /// Compiles the detectors, as a run does: they need what not every processor has.
    private static func masking(_ configuration: MaskingConfiguration) -> Result<String, HoopxError> {
        Result { () throws(HoopxError) in
            let assembly = try MaskingAssembly(configuration, stateDirectory: nil)
            _ = try assembly.handling()
            return assembly.description
        }
    }

    /// Looks for a key that need not be there.
    private static func keyringRefusal() -> Errno? {
        do throws(Errno) {
            _ = try UserKey.find("hoopx:doctor")
            return nil
        } catch {
            return error
        }
    }

    /// The rules that a run in hoopx's working directory would have.
    private static func fileRules(
        _ configuration: Configuration, _ configurationPath: String?, _ homes: [String],
        _ environment: [String: String]
    ) throws(HoopxError) -> FileRules? {
        guard !configuration.filesystem.allowsNested else { return nil }
        let state = try StateDirectory.path(in: environment)
        return try FileProtection(
            configuration, configurationPath: configurationPath, stateDirectory: state, run: state + "/run",
            homes: homes, workingDirectory: RealPath.resolve("/proc/self/cwd"), environment: environment
        ).rules()
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
            + [InstallationFindings.fileRules(fileRules), InstallationFindings.stateDirectory(stateDirectory)]
            + [masking.map(InstallationFindings.masking)].compactMap(\.self)
            + [InstallationFindings.tokenCache(keyringRefusal, (try? configuration.get())?.identity.cache)]
    }
}

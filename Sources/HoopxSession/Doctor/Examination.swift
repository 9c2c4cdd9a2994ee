import Glibc
import HoopxCore

/// What `hoopx doctor` found out about this machine.
public struct Examination: Sendable {
    /// In the order in which they are shown; the self-test's come last.
    public let findings: [Finding]
    /// Empty where the self-test could not be made, which is a finding then.
    public let selfTest: [SelfTestResult]

    public init(findings: [Finding], selfTest: [SelfTestResult]) {
        self.findings = findings
        self.selfTest = selfTest
    }

    /// Whether `hoopx run` works here and holds what it says.
    public var canRun: Bool { !findings.contains { $0.state == .missing } }

    /// Examines the machine, in less than a second. No directory is made, and no setting is changed.
    ///
    /// - Parameters:
    ///   - configurationPath: the file to use instead of the user's own, or nil.
    ///   - environment: hoopx's own.
    public static func run(configurationPath: String?, environment: [String: String]) -> Examination {
        // No step is known to hang. Should one, hoopx ends by this signal, which nobody takes for health.
        alarm(120)
        defer { alarm(0) }
        let facts = MachineFacts.gather(configurationPath: configurationPath, environment: environment)
        let selfTest = facts.programs.flatMap { programs in
            Result { () throws(HoopxError) in
                try SelfTest(programs: programs, fileRules: (try? facts.fileRules.get()) ?? nil).run()
            }
        }
        return Examination(
            findings: facts.findings + SelfTestFindings.judge(selfTest), selfTest: (try? selfTest.get()) ?? [])
    }
}

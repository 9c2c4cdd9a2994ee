import Glibc
import HoopxJSON
import HoopxLinux
import HoopxSession

/// The examination as JSON for programs, as hoopx-doctor(1) documents it: snake_case keys in the order of the alphabet.
/// A key whose value is not known is null, never absent.
enum DoctorJSON {
    static func document(_ examination: Examination) -> String {
        JSONValue.object([
            "can_run": .bool(examination.canRun),
            "findings": .array(examination.findings.map(finding)),
            "self_test": .array(examination.selfTest.map(result)),
            "version": .string(HoopxCommand.configuration.version),
        ]).page
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        .object([
            "name": .string(finding.name),
            "title": .string(finding.title),
            "state": .string(finding.state.rawValue),
            "found": .string(finding.found),
            "consequence": JSONValue(finding.consequence),
            "remedy": JSONValue(finding.remedy),
        ])
    }

    private static func result(_ result: SelfTestResult) -> JSONValue {
        .object([
            "attempt": .string(result.attempt.rawValue),
            "verdict": .string(result.verdict.rawValue),
            "supervised": observation(result.supervised),
            "control": observation(result.control),
        ])
    }

    private static func observation(_ observation: SelfTestObservation?) -> JSONValue {
        guard let observation else { return .null }
        return .object([
            "reached": .bool(observation.isReached), "error": JSONValue(observation.error?.description),
        ])
    }
}

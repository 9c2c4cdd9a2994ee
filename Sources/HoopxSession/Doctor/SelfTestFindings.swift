import HoopxCore
import HoopxLinux

/// Judges what the self-test has seen.
enum SelfTestFindings {
    static func judge(_ selfTest: Result<[SelfTestResult], HoopxError>) -> [Finding] {
        switch selfTest {
        case .success(let results): results.map(judge)
        case .failure(let error):
            [
                .missing(
                    "self_test", "self-test", error.description,
                    consequence: "it is not proved that the sandbox holds here", remedy: error.hint)
            ]
        }
    }

    private static func judge(_ result: SelfTestResult) -> Finding {
        let (name, title) = ("self_test_" + result.attempt.rawValue, result.attempt.title)
        switch result.verdict {
        case .stopped:
            return .ok(name, title, "stopped\(reason(result.supervised)); unsupervised it gets through")
        case .refusedToAll:
            return .ok(name, title, "refused to this user without supervision too\(reason(result.control))")
        case .passed: return .ok(name, title, "connected, through hoopx")
        case .broken:
            return .missing(
                name, title, "it was not connected\(reason(result.supervised))",
                consequence: "no connection of the command can be made",
                remedy: "see what else is missing; in a container add the capability SYS_PTRACE")
        case .escaped:
            return .missing(
                name, title, "it got through under supervision",
                consequence: "the sandbox does not hold on this machine: supervise nothing here that you do not trust",
                remedy: "report it with the output of hoopx doctor --json, and use another kernel")
        case .unjudged:
            let claim = result.attempt == .allowedConnect ? "lets this through" : "stops this"
            return .missing(
                name, title, unjudged(result), consequence: "it is not proved that the sandbox \(claim) here",
                remedy: "run hoopx doctor again where connections on the loopback interface work")
        }
    }

    private static func unjudged(_ result: SelfTestResult) -> String {
        if result.supervised == nil { return "it was not made under supervision" }
        guard let control = result.control else { return "it was not made without supervision" }
        return "unsupervised it does not get through either\(reason(control))"
    }

    private static func reason(_ observation: SelfTestObservation?) -> String {
        observation?.error.map { ": \($0)" } ?? ""
    }
}

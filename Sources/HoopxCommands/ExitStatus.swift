import ArgumentParser
import HoopxCore
import HoopxSession

/// The one place that maps what happened to an exit status.
///
/// A supervised command's own status passes unchanged, 128+n where signal n ended it. hoopx's own are those of env(1)
/// and sysexits(3); `doctor` answers with 1 where something is missing.
enum ExitStatus {
    static func code(for error: HoopxError) -> ExitCode { code(for: error.kind) }

    static func code(for kind: HoopxError.Kind) -> ExitCode {
        switch kind {
        case .usage: ExitCode(64)
        case .startup: ExitCode(125)
        case .interrupted(let signal): ExitCode(128 + signal)
        case .commandNotExecutable: ExitCode(126)
        case .commandNotFound: ExitCode(127)
        }
    }

    /// What makes hoopx fail where it is a command under supervision itself; nil where it is none.
    static func hintInside(_ environment: [String: String]) -> String? {
        environment["HOOPX_SESSION"].map {
            "this is inside of session \($0) of hoopx, which keeps its own files from it: call hoopx outside of it"
        }
    }

    /// Runs a verb's body, and shows and maps its error.
    static func mapping(_ body: () throws(HoopxError) -> Int32) throws -> Never {
        do {
            throw ExitCode(try body())
        } catch let error as HoopxError {
            Console.error(error)
            if error.hint == nil, case .startup = error.kind, let hint = hintInside(OwnEnvironment.variables) {
                Console.say("hint: \(hint)")
            }
            throw code(for: error)
        }
    }
}

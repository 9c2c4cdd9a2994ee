import ArgumentParser
import HoopxCore

/// The one place that maps what happened to an exit status.
///
/// A supervised command's own status passes unchanged, 128+n where signal n ended it. hoopx's own are those of env(1)
/// and sysexits(3); `doctor` answers with 1 where something is missing.
enum ExitStatus {
    static func code(for error: HoopxError) -> ExitCode {
        switch error.kind {
        case .usage: ExitCode(64)
        case .startup: ExitCode(125)
        case .interrupted(let signal): ExitCode(128 + signal)
        case .commandNotExecutable: ExitCode(126)
        case .commandNotFound: ExitCode(127)
        }
    }

    /// Runs a verb's body, and shows and maps its error.
    static func mapping(_ body: () throws(HoopxError) -> Int32) throws -> Never {
        do {
            throw ExitCode(try body())
        } catch let error as HoopxError {
            Console.error(error)
            throw code(for: error)
        }
    }
}

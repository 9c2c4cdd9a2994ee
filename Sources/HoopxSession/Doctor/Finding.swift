import HoopxCore

/// One fact about the machine, judged: what was found, and where that is not as it should be, what follows from it and
/// what can be done.
///
/// The texts are lower case and end without a full stop.
public struct Finding: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case ok
        /// `hoopx run` works, with less than it could have.
        case warning
        /// `hoopx run` refuses to run, or would not hold what it says.
        case missing
    }

    /// A stable word in snake_case, for programs.
    public let name: String
    public let title: String
    public let state: State
    public let found: String
    public let consequence: String?
    public let remedy: String?

    public static func ok(_ name: String, _ title: String, _ found: String) -> Finding {
        Finding(name: name, title: title, state: .ok, found: found, consequence: nil, remedy: nil)
    }

    public static func warning(
        _ name: String, _ title: String, _ found: String, consequence: String, remedy: String?
    ) -> Finding {
        Finding(name: name, title: title, state: .warning, found: found, consequence: consequence, remedy: remedy)
    }

    public static func missing(
        _ name: String, _ title: String, _ found: String, consequence: String = "hoopx run refuses to run",
        remedy: String?
    ) -> Finding {
        Finding(name: name, title: title, state: .missing, found: found, consequence: consequence, remedy: remedy)
    }

    /// What made a run fail: the error that `hoopx run` would show.
    static func missing(_ name: String, _ title: String, _ error: HoopxError) -> Finding {
        missing(name, title, error.description, remedy: error.hint)
    }
}

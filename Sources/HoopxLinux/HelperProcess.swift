import CHoopxLinux
import Glibc
import HoopxCore

/// A program that hoopx asks something: it reads what it is given and answers on its stdout, within a time.
///
/// It gets these arguments and this environment, no descriptor but its standard streams, and a process group of its own,
/// which is killed when the program has ended, when the time is over and when the task that waits is cancelled.
public struct HelperProcess: Sendable {
    /// How much of stderr is kept, in bytes: its end, where programs say why they gave up.
    public static let complaintLimit = 4096

    /// The path of the program; `PATH` is not searched (`ExecutableFile.find`).
    public var program: String
    /// The arguments, the program's name first. Every user of the machine can read them: nothing secret.
    public var arguments: [String]
    /// All of it; nothing is inherited.
    public var environment: [String: String]
    /// The working directory, or nil for hoopx's own.
    public var directory: String?
    /// What it reads on stdin, which then ends.
    public var input: Secret?
    /// The longest answer, in bytes.
    public var outputLimit: Int
    /// From the start to the end.
    public var timeout: Duration

    public init(
        program: String, arguments: [String], environment: [String: String], directory: String? = nil,
        input: Secret? = nil, outputLimit: Int = 64 << 10, timeout: Duration = .seconds(10)
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
        self.outputLimit = outputLimit
        self.timeout = timeout
    }

    /// What a program that came to its end said.
    public struct Answer: Sendable {
        public let status: WaitStatus
        /// What it wrote to stdout. Bytes that are no UTF-8 are U+FFFD.
        public let output: Secret
        /// What it wrote to stderr, as one printable line; empty where it wrote nothing.
        public let complaint: String
    }

    /// Why there is no answer. `complaint` is what it wrote to stderr until then, as in `Answer`.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case notStarted(Errno)
        case timedOut(Duration, complaint: String)
        case outputTooLong(Int, complaint: String)
        case cancelled

        /// For an error's text, behind the program's name: "did not end within 10 s".
        public var description: String {
            switch self {
            case .notStarted(let reason): "cannot be started: \(reason)"
            case .timedOut(let limit, let complaint):
                "did not end within \(limit)" + (complaint.isEmpty ? "" : ", and says: \(complaint)")
            case .outputTooLong(let limit, let complaint):
                "wrote more than \(limit) bytes" + (complaint.isEmpty ? "" : ", and says: \(complaint)")
            case .cancelled: "was cancelled"
            }
        }
    }

    /// Starts the program and waits for its end, on a thread of its own.
    public func run() async throws(Failure) -> Answer {
        let stop: StopEvent
        do throws(Errno) {
            stop = try StopEvent()
        } catch {
            throw .notStarted(error)
        }
        let result: Result<Answer, Failure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do throws(Errno) {
                    _ = try ServiceThread(name: "hoopx-helper") {
                        continuation.resume(returning: converse(until: stop))
                    }
                } catch {
                    continuation.resume(returning: .failure(.notStarted(error)))
                }
            }
        } onCancel: {
            stop.signal()
        }
        return try result.get()
    }

    private func converse(until stop: StopEvent) -> Result<Answer, Failure> {
        do throws(Errno) {
            return try HelperConversation(with: self).result(until: stop.descriptor.raw)
        } catch {
            return .failure(.notStarted(error))
        }
    }
}

/// Tells a thread that waits in poll(2) to stop.
private final class StopEvent: Sendable {
    let descriptor: OwnedDescriptor

    init() throws(Errno) { descriptor = OwnedDescriptor(try Errno.check(hoopx_event())) }

    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor.raw, &one, 8)
    }
}

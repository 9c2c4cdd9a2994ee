import FoundationEssentials
import Glibc
import HoopxCore
import HoopxLinux
import HoopxOutbound

/// A credential that a command prints: `{"token": "...", "expires_at": "..."}`, or the credential alone.
///
/// `expires_at` is RFC 3339 or seconds since 1970. Where the command says it, the command is run again when four fifths of
/// that time are over, or 60 s before its end, whichever comes first; otherwise the credential is kept for the session
/// and the command run again every 15 minutes while the connection is in use.
///
/// The command is executed as it is, never by a shell, with hoopx's environment and nothing on its stdin. It runs outside
/// of the sandbox while the target runs inside, and the target is a process of the same user: so its file and those of
/// its interpreters are found once and must stay as they were then, its working directory is `/`, where the target puts
/// nothing, its `PATH` has the system's directories only, no variable names code to load, and Python does not look for
/// packages in the user's home. What else it reads the file rules must keep from the target.
public struct CommandSource: CredentialSource {
    /// Where interpreters and the loader are told to load code from: in a developer's shell often the project, which is the
    /// target's to write.
    private static let codeVariables = [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "BASH_ENV", "ENV", "PYTHONPATH", "PYTHONHOME", "NODE_PATH",
        "NODE_OPTIONS", "PERL5LIB", "PERLLIB", "PERL5OPT", "RUBYLIB", "RUBYOPT", "CLASSPATH", "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
    ]

    static let outputLimit = 64 << 10
    static let refreshInterval = Duration.seconds(15 * 60)

    public let name: String
    public let injection: CredentialInjection
    /// The program's file, absolute, which the target must not be able to change; nil where there is none.
    public let program: String?
    /// Of its file and of what runs it, but for what is the system's.
    private let versions: [(path: String, version: FileVersion)]
    private let command: [String]
    private let timeout: Duration
    private let environment: [String: String]

    /// - Parameters:
    ///   - command: the program, looked up in `PATH` where its name holds no slash, and its arguments; at least one word.
    ///   - timeout: after it, the command is killed with everything that it started.
    ///   - environment: hoopx's own.
    public init(
        command: [String], timeout: Duration = .seconds(10), header: CredentialHeader, environment: [String: String]
    ) {
        self.command = command
        self.timeout = timeout
        var environment = environment
        injection = .header(header)
        program = ExecutableFile.find(command.first ?? "", searchPath: environment["PATH"]).map(Self.absolute)
        versions = program.map(Self.versions) ?? []
        if let path = environment["PATH"] { environment["PATH"] = SystemSearchPath.part(of: path) ?? "/usr/bin:/bin" }
        for name in Self.codeVariables { environment[name] = nil }
        // ~/.local/lib/python3.*/site-packages: any program in Python would run what lies there.
        environment["PYTHONNOUSERSITE"] = "1"
        self.environment = environment
        // Its arguments could hold what nobody else may see.
        name = "the command \(command.first ?? "")"
    }

    public func lease() async throws(HoopxError) -> Lease {
        let start = ContinuousClock.now
        let answer = try await run()
        let output = answer.output.withValue { $0 }
        guard case .exited(0) = answer.status else {
            throw failed("it \(answer.status)", answer.complaint, hiding: output)
        }
        // Only JSON begins with a brace: no token does.
        guard output.first(where: { !$0.isWhitespace }) == "{" else {
            let token = try TokenText.secret(from: output.utf8, of: name)
            return Lease(token: token, refreshAt: start + Self.refreshInterval)
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(output.utf8)) else {
            throw failed(
                "it printed no JSON object with the texts token and expires_at", answer.complaint, hiding: output)
        }
        let token = try TokenText.secret(from: document.token.utf8, of: name)
        guard let expiry = document.expiry else { return Lease(token: token, refreshAt: start + Self.refreshInterval) }
        return try lease(token, until: expiry, from: start)
    }

    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }

    private func run() async throws(HoopxError) -> HelperProcess.Answer {
        guard let program, !versions.isEmpty else {
            throw TokenText.error(name, "there is no such program", hint: "name it with its path, or set PATH")
        }
        if let changed = versions.first(where: { FileVersion(of: $0.path) != $0.version })?.path {
            throw TokenText.error(
                name, "\(changed) was changed during the session, so it is not run any more",
                hint: "begin a new session if that was you")
        }
        do throws(HelperProcess.Failure) {
            return try await HelperProcess(
                program: program, arguments: command, environment: environment, directory: "/",
                outputLimit: Self.outputLimit, timeout: timeout
            ).run()
        } catch {
            switch error {
            case .notStarted, .cancelled: throw TokenText.error(name, "it \(error)")
            case .timedOut(let limit, let complaint):
                throw failed("it did not end within \(limit) and was killed", complaint)
            case .outputTooLong(let limit, let complaint):
                throw failed("it wrote more than \(limit) bytes and was killed", complaint)
            }
        }
    }

    private func lease(
        _ token: Secret, until expiry: Timestamp, from start: ContinuousClock.Instant
    ) throws(HoopxError) -> Lease {
        let lifetime = Duration.microseconds(expiry.microseconds - Timestamp.now().microseconds)
        guard lifetime > .zero else {
            throw TokenText.error(
                name, "what it gave expired at \(expiry)", hint: "compare this machine's clock with the issuer's")
        }
        return LeaseTerm(lifetime: lifetime, from: start, ahead: max(lifetime / 5, .seconds(60))).lease(token)
    }

    private func failed(_ found: String, _ complaint: String, hiding output: String = "") -> HoopxError {
        // Words, since prose on both streams is no secret.
        let words = output.split { $0.isWhitespace || "\"'{}[],:".contains($0) }.filter { $0.utf8.count >= 6 }
        let said = ForeignMessage.shown(complaint, hiding: words.map { Secret(String($0)) }, limit: 400, keeping: .end)
        return TokenText.error(
            name, found + (said.isEmpty ? "" : ", and says: \(said)"),
            hint: "run it by hand as \(command.first ?? "") and see what it prints")
    }

    /// - Returns: empty where one of them is gone already.
    private static func versions(of program: String) -> [(path: String, version: FileVersion)] {
        let interpreters = ExecutableFile.interpreters(of: program).filter {
            !SystemSearchPath.holds(RealPath.resolve($0))
        }
        let paths = [program] + interpreters
        let versions = paths.compactMap { path in FileVersion(of: path).map { (path: path, version: $0) } }
        return versions.count == paths.count ? versions : []
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }
}

/// What a command prints.
private struct Document: Decodable {
    let token: String
    let expiry: Timestamp?

    private enum Key: String, CodingKey {
        case token
        case expiry = "expires_at"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        token = try fields.decode(String.self, forKey: .token)
        guard fields.contains(.expiry), try !fields.decodeNil(forKey: .expiry) else {
            expiry = nil
            return
        }
        if let text = try? fields.decode(String.self, forKey: .expiry) {
            expiry = Timestamp(rfc3339: text)
        } else {
            let seconds = try fields.decode(Double.self, forKey: .expiry)
            // Up to the year 2200: what is larger counts milliseconds.
            expiry = (0..<7_258_118_400).contains(seconds) ? Timestamp(microseconds: Int64(seconds * 1_000_000)) : nil
        }
        if expiry == nil {
            throw DecodingError.dataCorruptedError(forKey: .expiry, in: fields, debugDescription: "no time")
        }
    }
}

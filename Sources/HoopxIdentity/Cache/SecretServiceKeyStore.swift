import Foundation
import HoopxCore
import HoopxLinux

/// The sealing key in the desktop's Secret Service (freedesktop.org Secret Service API), through libsecret's own program,
/// secret-tool(1): it gets and gives secrets on its standard streams.
///
/// The service holds the key and not the tokens: secret-tool cuts what it stores off at 8,191 bytes, and every desktop
/// shows what programs keep there under its label.
struct SecretServiceKeyStore: SealingKeyStore {
    let fileSuffix = "secret-service"
    let lossExplanation = "its key is not in the Secret Service any more"
    /// The program's.
    let environment: [String: String]
    private let lockPath: String
    private let timeout: Duration

    /// - Parameters:
    ///   - environment: hoopx's own, which says where the session is.
    ///   - lockPath: held while a key is made.
    ///   - timeout: for each question, the time in which a person unlocks the collection included.
    init(environment: [String: String], lockPath: String, timeout: Duration) {
        // Nothing else of it: hoopx's environment holds credentials.
        let kept = [
            "HOME", "PATH", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
        ]
        self.environment = environment.filter { kept.contains($0.key) }.merging(["LC_ALL": "C.UTF-8"]) { $1 }
        self.lockPath = lockPath
        self.timeout = timeout
    }

    func find() async throws(HoopxError) -> SealingKey? {
        let answer = try await ask("lookup", [])
        // It says nothing of why there is no key, and nothing where the collection stays locked.
        if answer.status == .exited(1), answer.complaint.isEmpty {
            guard try await ask("search", []).output.isEmpty else {
                throw failure(
                    "the collection that holds hoopx's key is locked",
                    hint: "unlock the login keyring, or set identity.cache to sealed_file or memory")
            }
            return nil
        }
        try check(answer)
        let bytes = answer.output.withValue { Data(base64Encoded: $0).map { Array($0) } }
        guard let key = bytes.flatMap({ SealingKey($0) }) else {
            throw failure(
                "what it has for hoopx is not a key of hoopx's",
                hint: "remove it with: secret-tool clear " + Self.attributes.joined(separator: " "))
        }
        return key
    }

    func findOrMake() async throws(HoopxError) -> SealingKey {
        // A second store would replace the key of the first.
        let lock = try await FileLock.take(lockPath, within: timeout + .seconds(5))
        defer { _ = lock }
        if let key = try await find() { return key }
        let text = Secret(Data(SealingKey.randomBytes()).base64EncodedString())
        try check(try await ask("store", ["--label=hoopx: key of the token cache"], input: text))
        guard let key = try await find() else {
            throw failure("it does not have what was just stored there", hint: Self.otherCaches)
        }
        return key
    }

    private static let attributes = ["application", "hoopx", "purpose", "token-cache-key"]
    private static let otherCaches = "set identity.cache to sealed_file or memory where there is no desktop session"

    private func ask(
        _ verb: String, _ options: [String], input: Secret? = nil
    ) async throws(HoopxError) -> HelperProcess.Answer {
        // Not one that a target has left in the user's own directories: it would choose the key.
        guard let path = SystemSearchPath.part(of: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"),
            let program = ExecutableFile.find("secret-tool", searchPath: path)
        else {
            throw failure(
                "the program secret-tool is not installed",
                hint: "install it (Debian: libsecret-tools), or set identity.cache to sealed_file or memory")
        }
        let helper = HelperProcess(
            program: program, arguments: ["secret-tool", verb] + options + Self.attributes,
            // Where no bus is named, it starts dbus-launch by its name.
            environment: environment.merging(["PATH": path]) { $1 }, directory: "/", input: input, outputLimit: 4096,
            timeout: timeout)
        do throws(HelperProcess.Failure) {
            return try await helper.run()
        } catch {
            guard case .timedOut = error else { throw failure("secret-tool \(error)", hint: Self.otherCaches) }
            throw failure("secret-tool \(error)", hint: "unlock the login keyring; " + Self.otherCaches)
        }
    }

    private func check(_ answer: HelperProcess.Answer) throws(HoopxError) {
        // secret-tool ends with status 0 after some faults.
        guard answer.status == .exited(0), answer.complaint.isEmpty else {
            let said = answer.complaint.isEmpty ? "secret-tool \(answer.status)" : answer.complaint
            throw failure(said, hint: Self.otherCaches)
        }
    }

    private func failure(_ found: String, hint: String) -> HoopxError {
        HoopxError(.startup, doing: "using the Secret Service", found: found, hint: hint)
    }
}

extension SealedFileCache {
    /// With the key in the desktop's Secret Service: a login outlasts the machine's being switched off, and is there once
    /// the user's collection is unlocked.
    ///
    /// - Parameters:
    ///   - directory: as for the kernel's keyring.
    ///   - environment: hoopx's own.
    ///   - timeout: for each question to the service, the time in which a person unlocks the collection included.
    public static func withSecretService(
        directory: String, environment: [String: String], timeout: Duration = .seconds(60)
    ) throws(HoopxError) -> SealedFileCache {
        let keys = SecretServiceKeyStore(
            environment: environment, lockPath: directory + "/secret-service.lock", timeout: timeout)
        return try SealedFileCache(directory: directory, keys: keys)
    }
}

import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxSandbox

/// Judges what hoopx itself is made of and works with: where it runs, as whom, with which programs, files and settings.
enum InstallationFindings {
    static func surroundings(_ surroundings: Surroundings) -> Finding {
        let (name, title) = ("surroundings", "surroundings")
        switch surroundings {
        case .machine: return .ok(name, title, "no container")
        case .container(let manager):
            return .ok(name, title, "a container (\(manager)): its seccomp profile decides what is there, see above")
        case .wsl2(isMirrored: false): return .ok(name, title, "WSL2")
        case .wsl2(isMirrored: true):
            return .warning(
                name, title, "WSL2 with mirrored networking",
                consequence: "WSL watches every process itself and takes the only seccomp listener",
                remedy: "set networkingMode=nat in .wslconfig, then wsl --shutdown")
        case .gVisor:
            return .missing(
                name, title, "gVisor", consequence: "it has no seccomp user notification: hoopx run refuses to run",
                remedy: "run hoopx outside of it, or the container with runc")
        }
    }

    static func user(_ user: LocalUser) -> Finding {
        let (name, title) = ("user", "user")
        guard user.uid == 0 else { return .ok(name, title, "\(user.name) (uid \(user.uid))") }
        return .warning(
            name, title, "root",
            consequence:
                "the command loses the capabilities that reach into kernel, network and processes, and is still "
                + "root to the files that the file rules leave it; it installs no packages unless filesystem.allow gives "
                + "/etc and /usr back",
            remedy: "run hoopx as an ordinary user: it needs no privilege")
    }

    static func programs(_ programs: Result<SandboxPrograms, HoopxError>) -> Finding {
        let (name, title) = ("programs", "hoopx's own programs")
        switch programs {
        case .success(let programs): return .ok(name, title, programs.launch.directory)
        case .failure(let error): return .missing(name, title, error)
        }
    }

    /// What the configuration says, and what it gives up: each protection that it weakens is a finding of its own.
    static func configuration(_ configuration: Result<Configuration, HoopxError>) -> [Finding] {
        let (name, title) = ("configuration", "configuration")
        switch configuration {
        case .success(let configuration): return [.ok(name, title, configuration.path ?? "built in")]
        case .failure(let error): return [.missing(name, title, error)]
        }
    }

    static func fileRules(_ rules: Result<FileRules?, HoopxError>) -> Finding {
        let (name, title) = ("file_rules", "file rules")
        switch rules {
        case .failure(let error): return .missing(name, title, error)
        case .success(.some): return .ok(name, title, "in force")
        case .success(nil):
            return .warning(
                name, title, "given up by the configuration (filesystem.nested: allow)",
                consequence:
                    "the command reads and writes every file that you can, credentials and hoopx's record among "
                    + "them",
                remedy: "remove the key, and use hoopx run --allow-nested where a sandbox has to run inside")
        }
    }

    /// Where logins are kept between runs.
    ///
    /// - Parameter cache: nil where the configuration cannot be read.
    static func tokenCache(_ keyringRefusal: Errno?, _ cache: IdentityConfiguration.Cache?) -> Finding {
        let (name, title) = ("token_cache", "token cache")
        switch (cache, keyringRefusal) {
        case (.memory, _): return .ok(name, title, "none: each run logs in (identity.cache: memory)")
        case (.secretService, _): return .ok(name, title, "sealed files, with a key in the Secret Service")
        case (.sealedFile, nil), (nil, nil):
            return .ok(name, title, "sealed files, with a key in the kernel's user keyring")
        case (_, let refusal?):
            return .warning(
                name, title, "the kernel's keyring cannot be used: \(refusal)",
                consequence: "hoopx login cannot keep a login; identities of CI jobs need none",
                remedy: "set identity.cache to memory, or to secret_service where there is a desktop session; in a "
                    + "container, allow add_key and keyctl in its seccomp profile")
        }
    }

    static func masking(_ masking: Result<String, HoopxError>) -> Finding {
        let (name, title) = ("masking", "masking")
        switch masking {
        case .success(let words): return .ok(name, title, words)
        case .failure(let error): return .missing(name, title, error)
        }
    }

    static func stateDirectory(_ directory: Result<ExaminedDirectory, HoopxError>) -> Finding {
        let (name, title) = ("state_directory", "state directory")
        switch directory {
        case .failure(let error): return .missing(name, title, error)
        case .success(let directory):
            switch directory.condition {
            case .usable: return .ok(name, title, directory.path)
            case .creatable: return .ok(name, title, "\(directory.path) (made by the first run)")
            case .unusable(let found, let remedy):
                return .missing(
                    name, title, "\(directory.path): \(found)",
                    consequence: "the session could not be recorded: hoopx run refuses to run", remedy: remedy)
            }
        }
    }
}

/// A directory that hoopx keeps files in, as doctor found it.
struct ExaminedDirectory: Hashable {
    let path: String
    let condition: DirectoryCondition
}

extension String {
    /// The directory of a file's path.
    fileprivate var directory: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }
}

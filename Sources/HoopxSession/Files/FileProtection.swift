import Glibc
import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxSandbox

/// The file rules of a run: what is hoopx's own, what is a credential, and what the configuration says.
struct FileProtection {
    let configuration: FilesystemConfiguration
    /// hoopx's own files, as they are at this run.
    let own: OwnFiles
    /// The user's home directories: where the environment and the user database disagree, both.
    let homes: [String]
    /// The target's working directory.
    let workingDirectory: String
    /// hoopx's own.
    let environment: [String: String]

    struct OwnFiles {
        /// Configuration and state, which may not exist yet.
        let directories: [String]
        /// The configuration's file where `--config` named one.
        let configurationFile: String?
        /// What credentials are read from.
        let credentialFiles: [String]
        /// The programs that print credentials: hoopx runs them, outside of the sandbox.
        var credentialPrograms: [String] = []
        /// Where checkpoints of the record are published: who can edit both can make them agree.
        var anchors: [String] = []
        /// The files of this run, which the target reads.
        let runDirectory: String
    }

    /// - Parameters:
    ///   - configurationPath: what `--config` says, or nil.
    ///   - identityFiles: what ID tokens, or the means to get some, are read from.
    ///   - run: the directory of the run's files.
    ///   - homes: from `homes(of:environment:)`.
    init(
        _ configuration: Configuration, configurationPath: String?, identityFiles: [String] = [],
        stateDirectory: String,
        run: String, homes: [String], workingDirectory: String, environment: [String: String]
    ) {
        let own = Configuration.directory(environment: environment, homeDirectory: homes.first ?? "/")
        self.init(
            configuration: configuration.filesystem,
            own: OwnFiles(
                directories: [own, stateDirectory], configurationFile: configurationPath,
                credentialFiles: configuration.connections.compactMap(\.credentialFile) + identityFiles,
                credentialPrograms: configuration.connections.compactMap(\.credentialProgram).compactMap {
                    ExecutableFile.find($0, searchPath: environment["PATH"])
                },
                anchors: configuration.audit.anchors.compactMap(\.path), runDirectory: run),
            homes: homes, workingDirectory: workingDirectory, environment: environment)
    }

    init(
        configuration: FilesystemConfiguration, own: OwnFiles, homes: [String], workingDirectory: String,
        environment: [String: String]
    ) {
        self.configuration = configuration
        self.own = own
        self.homes = homes
        self.workingDirectory = workingDirectory
        self.environment = environment
    }

    /// The user's home directories, the environment's first.
    static func homes(of user: LocalUser, environment: [String: String]) -> [String] {
        [environment["HOME"], user.home].compactMap { $0 }.filter { $0.hasPrefix("/") && $0 != "/" }
    }

    /// Works the rules out, on the files as they are now.
    ///
    /// - Throws: a usage error where the configuration would give hoopx's own files away, or where something that has to
    ///   be kept from the target lies among temporary files.
    func rules() throws(HoopxError) -> FileRules {
        let mounts = MountTable.ofThisProcess()
        var rules = FileRules(elsewhere: configuration.write == nil ? .full : .readOnly)
        let set: (FileAccess, String) -> Void = { access, path in
            rules.set(access, for: path)
            for alias in mounts.aliases(of: path) { rules.set(access, for: alias) }
        }
        for path in writable { set(.full, path) }
        for path in byDefault(ProtectedFiles.startUpFiles) { set(.readOnly, path) }
        for path in byDefault(ProtectedFiles.credentials) { set(.hidden, path) }
        for path in Self.devices where !isAllowed(path) { set(.hidden, path) }
        let isRoot = geteuid() == 0
        for path in isRoot ? ProtectedFiles.kernelSettings : ProtectedFiles.delegatedSettings where Self.exists(path) {
            set(.readOnly, path)
        }
        if isRoot {
            for path in systemTrees { set(.readOnly, path) }
            // hoopx runs what is installed there, and with it what it loads.
            let installed = own.credentialPrograms.isEmpty ? ProtectedFiles.locallyInstalled : []
            let spared = installed + [workingDirectory] + homes
            for path in spared.map(RealPath.resolve) where isSystem(path) { set(.full, path) }
        }
        for path in configuration.allowed.map(RealPath.resolve) where rules.access(to: path) != rules.elsewhere {
            set(rules.elsewhere, path)
        }
        for path in configuration.denied.map(RealPath.resolve) { set(.hidden, path) }
        for path in try ownPaths {
            try refuseGivingAway(path)
            set(.hidden, path)
        }
        for path in try changeablePrograms where rules.access(to: path) == .full { set(.readOnly, path) }
        set(.readOnly, RealPath.resolve(own.runDirectory))
        try refuseClosingTemporaryDirectories(rules)
        return rules
    }

    private var ownPaths: [String] {
        get throws(HoopxError) {
            var paths = own.directories.map(RealPath.resolve)
            let workspace = RealPath.resolve(workingDirectory)
            let kept = own.credentialFiles.map { ("credential", $0) } + own.anchors.map { ("anchor", $0) }
            for (kind, path) in kept.flatMap({ kind, path in way(to: path).map { (kind, $0) } }) {
                guard paths.contains(where: { Self.holds($0, path) }) || !Self.holds(workspace, path) else {
                    throw HoopxError(
                        .usage, doing: "keeping the \(kind) \(path) from the command",
                        found: "it lies in the working directory",
                        hint: "nothing could be made beside it: keep it elsewhere, such as in ~/.config/hoopx")
                }
                paths.append(path)
            }
            // One that lies in the project is the project's, for the command to read and to change.
            if let path = own.configurationFile.map(RealPath.resolve), !Self.holds(workspace, path) {
                paths.append(path)
            }
            return paths
        }
    }

    /// Refuses a run without file rules where the target could then change what hoopx runs outside of the sandbox.
    func refuseChangeablePrograms() throws(HoopxError) {
        guard let path = try changeablePrograms.first else { return }
        throw HoopxError(
            .usage, doing: "keeping the command \(path) of a credential from being changed",
            found: "the run does without file rules",
            hint: "keep it where only root can write, such as in /usr/local/bin; hoopx runs it unsupervised")
    }

    /// The programs that the target could change, and so have hoopx run what it likes: those of credentials, and what
    /// runs them where they are scripts. The system's are root's business, and root changes all of it.
    private var changeablePrograms: [String] {
        get throws(HoopxError) {
            let workspace = RealPath.resolve(workingDirectory)
            let programs = own.credentialPrograms.flatMap { [$0] + ExecutableFile.interpreters(of: $0) }
                .flatMap(way).filter { !SystemSearchPath.holds($0) }
            if let path = programs.first(where: { Self.holds(workspace, $0) }) {
                throw HoopxError(
                    .usage, doing: "keeping the command \(path) of a credential from being changed",
                    found: "it lies in the working directory",
                    hint: "hoopx runs it unsupervised: keep it elsewhere, such as in ~/.config/hoopx")
            }
            return programs
        }
    }

    /// The file that a path leads to, behind the symbolic links on the way to it that could be replaced.
    private func way(to path: String) -> [String] {
        let path = path.hasPrefix("/") ? path : workingDirectory + "/" + path
        return RealPath.links(on: path).filter { link in
            let directory = link[..<(link.lastIndex(of: "/") ?? link.startIndex)]
            return access(directory.isEmpty ? "/" : String(directory), W_OK) == 0
        } + [RealPath.resolve(path)]
    }

    /// What is there of a list, but for what the configuration gives back.
    private func byDefault(_ names: [String]) -> [String] {
        homes.flatMap { home in names.map { home + "/" + $0 } }.filter(Self.exists).map(RealPath.resolve)
            .filter { !isAllowed($0) }
    }

    /// What a target that is root may not change unless the configuration gives it back. Where it says what may be
    /// written, that holds.
    private var systemTrees: [String] {
        guard configuration.write == nil else { return [] }
        let trees = ProtectedFiles.system + (own.credentialPrograms.isEmpty ? [] : ProtectedFiles.furtherPrograms)
        return trees.filter(Self.exists).map(RealPath.resolve).filter { !isAllowed($0) }
    }

    /// Whether the rules take from a target that is root what it needs to install packages.
    var closesSystem: Bool {
        geteuid() == 0 && systemTrees.contains { $0 == RealPath.resolve("/etc") || $0 == RealPath.resolve("/usr") }
    }

    private func isSystem(_ path: String) -> Bool { systemTrees.contains { $0 != path && Self.holds($0, path) } }

    private func isAllowed(_ path: String) -> Bool {
        configuration.allowed.contains { Self.holds(RealPath.resolve($0), path) }
    }

    private var writable: [String] {
        guard let write = configuration.write else { return [] }
        // Devices have permissions of their own, and so has what a process writes to itself in /proc.
        var paths = ["/dev", "/proc"]
        for tree in write {
            switch tree {
            case .workspace: paths += [workingDirectory] + temporaryDirectories + [cacheDirectory]
            case .tree(let path): paths.append(path)
            }
        }
        return paths.map(RealPath.resolve)
    }

    private var temporaryDirectories: [String] {
        let named = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return ["/tmp"] + (named.map { [$0] } ?? [])
    }

    private var cacheDirectory: String {
        environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? (homes.first ?? "") + "/.cache"
    }

    private func refuseGivingAway(_ path: String) throws(HoopxError) {
        var given = configuration.allowed
        for case .tree(let tree) in configuration.write ?? [] { given.append(tree) }
        guard let named = given.first(where: { Self.holds(path, RealPath.resolve($0)) }) else { return }
        throw HoopxError(
            .usage, doing: "reading the configuration", found: "filesystem gives \(named) to the command",
            hint:
                "\(path) is hoopx's own: the command would reach its record, its configuration, an anchor or a credential"
        )
    }

    /// A file that is kept from the target closes the directories above it (`FileRuleset`), and without new files in a
    /// temporary directory few programs work.
    private func refuseClosingTemporaryDirectories(_ rules: FileRules) throws(HoopxError) {
        for directory in temporaryDirectories.map(RealPath.resolve) {
            guard let path = rules.protectedTree(below: directory) else { continue }
            throw HoopxError(
                .usage, doing: "keeping \(path) from the command", found: "it lies below \(directory)",
                hint: "nothing could be made in \(directory) then: keep it elsewhere (XDG_STATE_HOME and "
                    + "XDG_CONFIG_HOME say where hoopx keeps its own)")
        }
    }

    /// Whether a path is a directory or lies below it.
    private static func holds(_ directory: String, _ path: String) -> Bool {
        path == directory || path.hasPrefix(directory == "/" ? "/" : directory + "/")
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The devices that are there and that a target must not have, by name or by kind.
    private static var devices: [String] {
        let found = DirectoryListing.names(in: "/dev").filter { name in
            ProtectedFiles.isNumberedDevice(name) || isBlockDevice("/dev/" + name)
        }
        return (ProtectedFiles.devices + found.map { "/dev/" + $0 }).filter(exists)
    }

    /// A disk: who may read one reads every file on it.
    private static func isBlockDevice(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFBLK
    }
}

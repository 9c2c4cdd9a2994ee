import Foundation
import HoopxConfiguration
import HoopxCore
import HoopxSandbox
import HoopxTestSupport
import Testing

@testable import HoopxSession

@Suite struct FileProtectionTests {
    private struct House {
        let directory: TemporaryDirectory
        let home: String

        init() throws {
            directory = try TemporaryDirectory(owner: .current)
            home = directory.path + "/home"
            for name in [".ssh", ".kube", ".config/hoopx", ".local/state/hoopx/run/one", "work", ".cache"] {
                try directory.directory("home/" + name)
            }
            try directory.file("home/.bashrc", "")
            try directory.file("home/work/token", "")
            try directory.file("home/token", "")
        }

        func rules(
            _ configuration: FilesystemConfiguration = FilesystemConfiguration(), workingDirectory: String = "work",
            configurationFile: String? = nil, credentialFiles: [String] = [],
            credentialPrograms: [String] = [], anchors: [String] = [], state: String? = nil
        ) throws -> FileRules {
            try protection(
                configuration, workingDirectory: workingDirectory, configurationFile: configurationFile,
                credentialFiles: credentialFiles, credentialPrograms: credentialPrograms, anchors: anchors, state: state
            ).rules()
        }

        func protection(
            _ configuration: FilesystemConfiguration = FilesystemConfiguration(), workingDirectory: String = "work",
            configurationFile: String? = nil, credentialFiles: [String] = [],
            credentialPrograms: [String] = [], anchors: [String] = [], state: String? = nil
        ) -> FileProtection {
            FileProtection(
                configuration: configuration,
                own: FileProtection.OwnFiles(
                    directories: [home + "/.config/hoopx", state ?? home + "/.local/state/hoopx"],
                    configurationFile: configurationFile.map { home + "/" + $0 },
                    credentialFiles: credentialFiles.map { home + "/" + $0 },
                    credentialPrograms: credentialPrograms,
                    anchors: anchors.map { home + "/" + $0 },
                    runDirectory: (state ?? home + "/.local/state/hoopx") + "/run/one"),
                homes: [home], workingDirectory: home + "/" + workingDirectory, environment: [:])
        }
    }

    private func within(_ body: (House) throws -> Void) throws {
        let house = try House()
        defer { house.directory.remove() }
        try body(house)
    }

    @Test func credentialsAndHoopxsOwnFilesAreHiddenAndStartUpFilesCannotBeWritten() throws {
        try within { house in
            let rules = try house.rules()
            for name in [".ssh/id_ed25519", ".kube/config", ".config/hoopx/config.yaml", ".local/state/hoopx/audit.db"]
            {
                #expect(rules.access(to: house.home + "/" + name) == .hidden, "\(name)")
            }
            #expect(rules.access(to: house.home + "/.local/state/hoopx/run/one/roots.pem") == .readOnly)
            #expect(rules.access(to: house.home + "/.bashrc") == .readOnly)
            for name in ["work/file", ".config/other", ".local/state/other", ".cache/x"] {
                #expect(rules.access(to: house.home + "/" + name) == .full, "\(name)")
            }
            // Not there, and so nothing to close a directory for.
            #expect(rules.access(to: house.home + "/.aws/credentials") == .full)
        }
    }

    @Test func whatTheConfigurationAllowsIsGivenBackAndWhatItDeniesIsHidden() throws {
        try within { house in
            let home = house.home
            let rules = try house.rules(
                FilesystemConfiguration(
                    denied: [home + "/work/private"], allowed: [home + "/.kube", home + "/.bashrc"]))
            #expect(rules.access(to: home + "/.kube/config") == .full)
            #expect(rules.access(to: home + "/.bashrc") == .full)
            #expect(rules.access(to: home + "/.ssh/id") == .hidden)
            #expect(rules.access(to: home + "/work/private/x") == .hidden)
            let one = try house.rules(FilesystemConfiguration(allowed: [home + "/.ssh/known_hosts"]))
            #expect(one.access(to: home + "/.ssh/known_hosts") == .full)
            #expect(one.access(to: home + "/.ssh/id") == .hidden)
        }
    }

    @Test func whereWritingIsRestrictedTheNamedTreesAndWhatEveryProgramNeedsAreWritable() throws {
        try within { house in
            let rules = try house.rules(FilesystemConfiguration(write: [.workspace, .tree(house.home + "/.npm")]))
            for path in ["/work/a", "/.npm/a", "/.cache/a"] { #expect(rules.access(to: house.home + path) == .full) }
            #expect(rules.access(to: house.home + "/.config/other") == .readOnly)
            #expect(rules.access(to: house.home + "/.ssh/id") == .hidden)
            #expect(rules.access(to: "/tmp/x") == .full)
            #expect(rules.access(to: "/usr/bin/env") == .readOnly)
            #expect(rules.access(to: "/dev/null") == .full)
            #expect(try house.rules(FilesystemConfiguration(write: [])).access(to: house.home + "/work/a") == .readOnly)
        }
    }

    @Test func rootCannotWriteTheKernelsSettingsNorAnybodyThoseThatUsersAreGiven() throws {
        try within { house in
            let rules = try house.rules()
            #expect(rules.access(to: "/proc/sys/kernel/core_pattern") == (geteuid() == 0 ? .readOnly : .full))
            #expect(rules.access(to: "/sys/fs/cgroup/user.slice/cgroup.kill") == .readOnly)
        }
    }

    /// In containers programs are often installed beside the system's.
    @Test func whereRootsProgramsGetCredentialsNoneCanBeChanged() throws {
        try within { house in
            let kept: FileAccess = geteuid() == 0 ? .readOnly : .full
            let rules = try house.rules(credentialPrograms: ["/usr/bin/env"])
            for path in ["/usr/local/bin/python3", "/opt/google-cloud-sdk/lib/x"] {
                #expect(rules.access(to: path) == kept, "\(path)")
            }
            let given = try house.rules(
                FilesystemConfiguration(allowed: ["/usr/local", "/opt"]), credentialPrograms: ["/usr/bin/env"])
            for path in ["/usr/local/bin/python3", "/opt/x"] { #expect(given.access(to: path) == .full, "\(path)") }
        }
    }

    @Test(arguments: [
        "tap3", "sg0", "hidraw12", "lp0", "cdc-wdm0", "wwan0at0", "vhost-vdpa-0", "uio1", "ttyS0", "ttyUSB1", "ttyAMA0",
        "ttymxc2", "ttyprintk",
    ])
    func aDeviceThatIsAWireIsKnownByItsName(name: String) { #expect(ProtectedFiles.isNumberedDevice(name)) }

    @Test(arguments: ["tty", "tty0", "null", "sgx_enclave", "loop-control", "lp", "uinput", "nvidia0", "tap", "ngpu"])
    func otherDevicesAreNot(name: String) { #expect(!ProtectedFiles.isNumberedDevice(name)) }

    @Test func rootCannotWriteWhatHoopxItselfBelievesUnlessItIsGivenBack() throws {
        try within { house in
            let kept: FileAccess = geteuid() == 0 ? .readOnly : .full
            let rules = try house.rules()
            for path in ["/etc/hosts", "/etc/nsswitch.conf", "/usr/lib/x", "/usr/bin/env"] {
                #expect(rules.access(to: path) == kept, "\(path)")
            }
            for path in ["/usr/local/lib/x", "/usr/src/app/x", "/var/lib/x", "/opt/x"] {
                #expect(rules.access(to: path) == .full, "\(path)")
            }
            let given = try house.rules(FilesystemConfiguration(allowed: ["/etc/alternatives", "/usr"]))
            #expect(given.access(to: "/usr/bin/env") == .full)
            #expect(given.access(to: "/etc/alternatives/x") == .full)
            #expect(given.access(to: "/etc/hosts") == kept)
            let named = try house.rules(FilesystemConfiguration(write: [.tree("/etc")]))
            #expect(named.access(to: "/etc/hosts") == .full)
        }
    }

    /// Such as the interpreter of a virtual environment, which is a link to the system's.
    @Test func aLinkThatLeadsToWhatHoopxRunsOrReadsCannotBeReplaced() throws {
        try within { house in
            let home = house.home
            for name in ["venv", "bin", "keys"] { try house.directory.directory("home/" + name) }
            for (link, target) in [
                ("venv/python", "/usr/bin/env"), ("bin/print", home + "/script"), ("keys/token", "../token"),
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: home + "/" + link, withDestinationPath: target)
            }
            try house.directory.file("home/script", "#!\(home)/venv/python\n", mode: 0o755)
            let rules = try house.rules(credentialFiles: ["keys/token"], credentialPrograms: [home + "/bin/print"])
            #expect(rules.access(to: home + "/venv/python") == .readOnly)
            #expect(rules.access(to: home + "/bin/print") == .readOnly)
            #expect(rules.access(to: home + "/script") == .readOnly)
            #expect(rules.access(to: home + "/keys/token") == .hidden)
            #expect(rules.access(to: home + "/token") == .hidden)
            try FileManager.default.createSymbolicLink(
                atPath: home + "/work/print", withDestinationPath: home + "/script")
            let error = #expect(throws: HoopxError.self) {
                try house.rules(credentialPrograms: [home + "/work/print"])
            }
            #expect(error?.found == "it lies in the working directory")
        }
    }

    @Test func withoutFileRulesHoopxRunsNothingThatTheTargetCouldChange() throws {
        try within { house in
            try house.protection(credentialPrograms: ["/usr/bin/env"]).refuseChangeablePrograms()
            let error = #expect(throws: HoopxError.self) {
                try house.protection(credentialPrograms: [house.home + "/token"]).refuseChangeablePrograms()
            }
            #expect(error?.kind == .usage && error?.found == "the run does without file rules")
        }
    }

    @Test func aCredentialFileIsHiddenWhereverItLies() throws {
        try within { house in
            let rules = try house.rules(credentialFiles: ["token"])
            #expect(rules.access(to: house.home + "/token") == .hidden)
            #expect { try house.rules(credentialFiles: ["work/token"]) } throws: {
                let error = $0 as? HoopxError
                return error?.kind == .usage && error?.found == "it lies in the working directory"
            }
        }
    }

    @Test func aProgramThatHoopxRunsForACredentialCannotBeChanged() throws {
        try within { house in
            let rules = try house.rules(credentialPrograms: [
                house.home + "/token", house.home + "/.config/hoopx/print-token", "/usr/bin/env",
            ])
            #expect(rules.access(to: house.home + "/token") == .readOnly)
            #expect(rules.access(to: house.home + "/.config/hoopx/print-token") == .hidden)
            #expect(rules.access(to: "/usr/bin/env") == (geteuid() == 0 ? .readOnly : .full))
            // What runs it, too.
            let interpreter = try house.directory.file("home/python", "", mode: 0o755)
            let script = try house.directory.file("home/script", "#!\(interpreter) -I\n", mode: 0o755)
            #expect(try house.rules(credentialPrograms: [script]).access(to: interpreter) == .readOnly)
            let error = #expect(throws: HoopxError.self) {
                try house.rules(credentialPrograms: [house.home + "/work/token"])
            }
            #expect(error?.found == "it lies in the working directory")
        }
    }

    @Test func anAnchorIsHiddenBeforeItIsThereToo() throws {
        try within { house in
            let rules = try house.rules(anchors: ["checkpoints", "published"])
            for path in ["/checkpoints", "/published/0000"] {
                #expect(rules.access(to: house.home + path) == .hidden)
            }
            let error = #expect(throws: HoopxError.self) { try house.rules(anchors: ["work/checkpoints"]) }
            #expect(error?.doing == "keeping the anchor \(house.home)/work/checkpoints from the command")
            #expect(error?.found == "it lies in the working directory")
        }
    }

    @Test func whatTheConfigurationNamesIsProtectedAsThat() throws {
        try within { house in
            for name in ["print-token", "credential", "identity"] { try house.directory.file("home/" + name, "") }
            let path = try house.directory.file(
                "hoopx.yaml",
                """
                version: 1
                connections:
                  one:
                    type: http
                    hosts: [one.example.com]
                    credential: {source: exec, command: [\(house.home)/print-token], placeholder: ONE}
                  two:
                    type: http
                    hosts: [two.example.com]
                    credential: {source: file, path: \(house.home)/credential, placeholder: TWO}
                audit:
                  anchors: [{file: \(house.home)/anchor}, {directory: \(house.home)/anchors}]
                """)
            try house.directory.file("home/print-token", "", mode: 0o755)
            let environment = ["HOME": house.home]
            let rules = try FileProtection(
                try Configuration.load(explicitPath: path, environment: environment, homeDirectory: house.home),
                configurationPath: path, identityFiles: [house.home + "/identity"],
                stateDirectory: house.home + "/.local/state/hoopx",
                run: house.home + "/.local/state/hoopx/run/one", homes: [house.home],
                workingDirectory: house.home + "/work", environment: environment
            ).rules()
            #expect(rules.access(to: house.home + "/print-token") == .readOnly)
            for name in ["/credential", "/identity", "/anchor", "/anchors/1"] {
                #expect(rules.access(to: house.home + name) == .hidden)
            }
            #expect(rules.access(to: path) == .hidden)
        }
    }

    @Test func aConfigurationFileIsHiddenUnlessItIsTheProjects() throws {
        try within { house in
            #expect(try house.rules(configurationFile: "token").access(to: house.home + "/token") == .hidden)
            let own = try house.rules(configurationFile: "work/token")
            #expect(own.access(to: house.home + "/work/token") == .full)
        }
    }

    @Test func hoopxsOwnFilesCannotBeGivenAway() throws {
        try within { house in
            let home = house.home
            for configuration in [
                FilesystemConfiguration(allowed: [home + "/.config/hoopx"]),
                FilesystemConfiguration(allowed: [home + "/.local/state/hoopx/run"]),
                FilesystemConfiguration(write: [.tree(home + "/.local/state/hoopx")]),
            ] {
                #expect { try house.rules(configuration) } throws: { ($0 as? HoopxError)?.kind == .usage }
            }
            // Not a word about what lies in it.
            #expect(try house.rules(FilesystemConfiguration(allowed: [home])).access(to: home + "/.ssh") == .full)
            let all = try house.rules(FilesystemConfiguration(allowed: [home], write: [.tree(home)]))
            #expect(all.access(to: home + "/.config/hoopx/config.yaml") == .hidden)
        }
    }

    @Test func hoopxsOwnFilesMayNotLieAmongTemporaryFiles() throws {
        try within { house in
            #expect { try house.rules(state: "/tmp/state/hoopx") } throws: {
                ($0 as? HoopxError)?.found == "it lies below /tmp"
            }
        }
    }

    @Test func aLinkIsNoWayAround() throws {
        try within { house in
            try FileManager.default.createSymbolicLink(
                atPath: house.home + "/.aws", withDestinationPath: house.home + "/work")
            #expect(try house.rules().access(to: house.home + "/work/credentials") == .hidden)
        }
    }
}

import Glibc
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxConfiguration

@Suite struct ConfigurationLoaderTests {
    @Test func withoutAFileTheBuiltInConfigurationHolds() throws {
        let home = try TemporaryDirectory(owner: .current)
        defer { home.remove() }
        let configuration = try Configuration.load(explicitPath: nil, environment: [:], homeDirectory: home.path)
        #expect(configuration == .builtIn)
        #expect(configuration.path == nil)
    }

    @Test func theBuiltInConfigurationReachesClaudeAndNothingElse() throws {
        let configuration = Configuration.builtIn
        #expect(configuration.egress.tunnel.isEmpty)
        let claude = try #require(configuration.connections.first)
        #expect(configuration.connections.count == 1)
        #expect(claude.name == "claude")
        #expect(claude.kind == .anthropic)
        #expect(claude.hosts.map(\.description) == ["api.anthropic.com:443"])
        #expect(claude.entry == .intercept)
        #expect(claude.upstream == nil)
        #expect(claude.baseURLVariable == "ANTHROPIC_BASE_URL")
    }

    @Test func theUsersFileIsFoundWhereXDGSays() throws {
        let home = try TemporaryDirectory(owner: .current)
        defer { home.remove() }
        try home.directory("elsewhere/hoopx")
        try home.directory(".config/hoopx")
        try home.file("elsewhere/hoopx/config.yaml", "version: 1\negress: {tunnel: ['a.example:1']}\n")
        try home.file(".config/hoopx/config.yaml", "version: 1\negress: {tunnel: ['b.example:2']}\n")
        let named = try load(home, ["XDG_CONFIG_HOME": home.path + "/elsewhere"])
        #expect(named.egress.tunnel.map(\.description) == ["a.example:1"])
        #expect(named.path == home.path + "/elsewhere/hoopx/config.yaml")
        #expect(try load(home, [:]).egress.tunnel.map(\.description) == ["b.example:2"])
        // The specification: relative paths are invalid and ignored.
        #expect(try load(home, ["XDG_CONFIG_HOME": "elsewhere"]).egress.tunnel.map(\.description) == ["b.example:2"])
    }

    @Test func aNamedFileMustExist() throws {
        let home = try TemporaryDirectory(owner: .current)
        defer { home.remove() }
        let error = #expect(throws: HoopxError.self) {
            try Configuration.load(
                explicitPath: home.path + "/missing.yaml", environment: [:], homeDirectory: home.path)
        }
        #expect(error?.kind == .usage)
        #expect(error?.found == "\(home.path)/missing.yaml: no such file or directory (ENOENT)")
    }

    @Test func whatIsNoFileOfTextIsRefused() throws {
        let home = try TemporaryDirectory(owner: .current)
        defer { home.remove() }
        let large = try home.file("large.yaml", String(repeating: "# 345678\n", count: (1 << 20) / 9 + 1))
        #expect(throws: HoopxError.self) { try load(home, [:], explicit: home.path) }
        let error = #expect(throws: HoopxError.self) { try load(home, [:], explicit: large) }
        #expect(error?.found.hasSuffix("it is larger than 1 MiB") == true)
        #expect(throws: HoopxError.self) { try load(home, [:], explicit: "/dev/zero") }
    }

    @Test func anUnreadableDefaultFileIsNotPassedOver() throws {
        let home = try TemporaryDirectory(owner: .current)
        defer { home.remove() }
        try home.directory(".config/hoopx/config.yaml")
        #expect(throws: HoopxError.self) { try load(home, [:]) }
        let elsewhere = try home.directory("elsewhere/hoopx")
        #expect(symlink("config.yaml", elsewhere + "/config.yaml") == 0)
        #expect(throws: HoopxError.self) { try load(home, ["XDG_CONFIG_HOME": home.path + "/elsewhere"]) }
    }

    private func load(
        _ home: TemporaryDirectory, _ environment: [String: String], explicit: String? = nil
    ) throws -> Configuration {
        try Configuration.load(explicitPath: explicit, environment: environment, homeDirectory: home.path)
    }
}

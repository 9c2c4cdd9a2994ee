import Foundation
import HoopxTestSupport
import Testing

/// `hoopx doctor`: what a machine can enforce, seen from machines that can and that cannot.
@Suite struct DoctorTests {
    @Test(arguments: Account.all)
    func onThisMachineEveryAttemptIsStoppedThatGetsThroughWithoutSupervision(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let before = Set(fixture.directory.contents())
            let run = try await fixture.start(["doctor", "--json"]).finish()
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stderr == "", "\(run)")
            let examination = try Examination(run)
            #expect(examination.canRun)
            #expect(!examination.findings.contains { $0.state == "missing" }, "\(run)")
            #expect(examination.selfTest.count == 12)
            let allowed = examination.selfTest.first { $0.attempt == "allowed_connect" }
            #expect(allowed?.verdict == "passed" && allowed?.supervised?.reached == true, "\(run)")
            for result in examination.selfTest where result.attempt != "allowed_connect" {
                #expect(result.supervised?.reached == false, "\(result)")
                #expect(["stopped", "refused_to_all"].contains(result.verdict), "\(result)")
            }
            let openToAll = [
                "tcp_connect", "tcp_fast_open", "udp_datagram", "unix_socket", "abstract_unix_socket", "process_memory",
                "ptrace",
            ]
            for result in examination.selfTest where openToAll.contains(result.attempt) {
                #expect(result.control?.reached == true && result.verdict == "stopped", "\(result)")
            }
            #expect(Set(fixture.directory.contents()) == before, "doctor changes nothing")
        }
    }

    @Test(arguments: Account.all)
    func aPersonGetsALineAFindingAndReasonsOnlyWhereSomethingIsWrong(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.start(["doctor"]).finish()
            #expect(run.exit == .status(0), "\(run)")
            #expect(!run.stdout.contains("\u{1b}"), "no colours: \(run)")
            let lines = run.stdout.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("ok       seccomp listener ") }, "\(run)")
            #expect(lines.last?.hasPrefix("hoopx run works here") == true, "\(run)")
            let warnings = lines.count { $0.hasPrefix("warning  ") }
            #expect(lines.count { $0.hasPrefix("         consequence: ") } == warnings, "\(run)")
            #expect(lines.contains { $0.hasPrefix("warning  user ") } == (account.uid == 0), "\(run)")
        }
    }

    @Test func whereUserNamespacesAreForbiddenItIsAWarningThatNamesTheSetting() async throws {
        try await HoopxFixture.run { fixture in
            let forbid = #"echo 0 > /proc/sys/user/max_user_namespaces && exec "$@""#
            let run = try await fixture.start(program: [
                "/usr/bin/unshare", "--user", "--map-root-user", "/bin/sh", "-c", forbid, "sh", HoopxFixture.hoopx,
                "doctor", "--json",
            ]).finish()
            #expect(run.exit == .status(0), "\(run)")
            let examination = try Examination(run)
            let finding = examination.finding("datagram_tier")
            #expect(finding?.state == "warning", "\(run)")
            #expect(finding?.consequence?.contains("proxy") == true, "\(run)")
            #expect(finding?.remedy?.contains("user.max_user_namespaces") == true, "\(run)")
            for result in examination.selfTest {
                #expect(result.supervised?.reached == (result.attempt == "allowed_connect"), "\(result)")
            }
        }
    }

    @Test func insideAnotherSupervisorTheListenerIsMissingAndNothingIsProved() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.start(program: [
                Clients.python(), Clients.script("supervise.py"), HoopxFixture.hoopx, "doctor", "--json",
            ]).finish()
            #expect(run.exit == .status(1), "\(run)")
            let examination = try Examination(run)
            #expect(!examination.canRun)
            let finding = examination.finding("seccomp_listener")
            #expect(finding?.state == "missing" && finding?.found.contains("EBUSY") == true, "\(run)")
            #expect(finding?.remedy != nil)
            #expect(examination.finding("self_test")?.state == "missing", "\(run)")
            #expect(examination.selfTest.isEmpty)
        }
    }

    @Test func aWrongConfigurationIsLocated() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1\nconections: {}")
            let run = try await fixture.start(["doctor", "--config", configuration]).finish()
            #expect(run.exit == .status(1), "\(run)")
            let line = run.stdout.split(separator: "\n").first { $0.hasPrefix("missing  configuration ") }
            #expect(line?.contains(configuration + ":2:1") == true, "\(run)")
            #expect(run.stdout.contains("1 missing"), "\(run)")
        }
    }

    @Test func aStateDirectoryThatOthersMayEnterIsMissing() async throws {
        try await HoopxFixture.run { fixture in
            let directory = try fixture.directory.directory("state/hoopx")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
            let run = try await fixture.start(["doctor", "--json"]).finish()
            #expect(run.exit == .status(1), "\(run)")
            let finding = try Examination(run).finding("state_directory")
            #expect(finding?.state == "missing" && finding?.remedy == "chmod 700 \(directory)", "\(run)")
        }
    }
}

/// What `hoopx doctor --json` says.
private struct Examination: Decodable {
    struct Finding: Decodable {
        let name: String
        let title: String
        let state: String
        let found: String
        let consequence: String?
        let remedy: String?
    }

    struct Observation: Decodable {
        let reached: Bool
        let error: String?
    }

    struct Result: Decodable {
        let attempt: String
        let verdict: String
        let supervised: Observation?
        let control: Observation?
    }

    let canRun: Bool
    let findings: [Finding]
    let selfTest: [Result]
    let version: String

    init(_ run: FinishedProcess) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Examination.self, from: Data(run.stdout.utf8))
    }

    func finding(_ name: String) -> Finding? { findings.first { $0.name == name } }
}

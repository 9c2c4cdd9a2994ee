import HoopxCore
import Testing

@testable import HoopxAudit
@testable import HoopxCommands

/// What `hoopx sessions show` says of the principal and of the leases.
struct SessionPageTests {
    private static let verified = Principal(
        kind: .workload, name: "repo:example/app", subject: "repo:example/app:ref:refs/heads/main",
        issuer: "https://token.actions.example.com", email: "bot@example.com", groups: ["ci", "deploy\u{1b}[2J"],
        claims: ["run_id": "12", "repository": "example/app"],
        verification: Principal.Verification(
            method: .gitHubActions, algorithm: "RS256", keyID: "key-1", issuedAt: Timestamp(microseconds: 0),
            expiresAt: Timestamp(microseconds: 3_600_000_000)))

    private static func details(
        of principal: Principal, connections: [ConnectionRecord] = []
    ) throws -> SessionDetails {
        let record = SessionRecord(
            id: try #require(SessionID("20261126-aaaaaaaa")), principal: principal,
            arguments: RecordedArguments(["claude"]), workingDirectory: "/",
            program: SessionRecord.Program(path: "/usr/bin/claude", sha256: nil), supervisor: try .current(),
            startedAt: Timestamp(microseconds: 1))
        var injected = request(1, .injected)
        injected.lease = "lease-00000000000000aa"
        var clients = request(2, .clientToken)
        clients.clientToken = "0011223344556677"
        let leases = [
            LeaseRecord(
                number: 7, id: "lease-00000000000000aa", connectionName: "claude", source: "the file /t",
                issuedAt: Timestamp(microseconds: 2), expiresAt: Timestamp(microseconds: 3), renewalCount: 4,
                endedAt: Timestamp(microseconds: 5), ending: .replaced),
            LeaseRecord(
                number: 8, id: "lease-00000000000000ab", connectionName: "claude", source: "the file /t",
                issuedAt: Timestamp(microseconds: 2)),
        ]
        return SessionDetails(
            summary: SessionSummary(record: record, connectionCount: 0, requestCount: 2, denialCount: 0),
            connections: connections, requests: [injected, clients], denials: [], leases: leases, toolUses: [],
            maskings: [],
            terminal: nil, executions: [],
            executionCounts: nil)
    }

    private static func request(_ number: Int64, _ use: RequestRecord.CredentialUse) -> RequestRecord {
        RequestRecord(
            number: number, connectionNumber: 1, connectionName: "claude", method: "GET",
            path: RecordedPath(requestTarget: "/"), startedAt: Timestamp(microseconds: 1), credential: use)
    }

    private static func fact(_ name: String, in lines: [String]) -> String? {
        lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(11)) }
    }

    @Test func aVerifiedPrincipalIsShownWithAllThatIsKnown() throws {
        let lines = SessionPage.lines(of: try Self.details(of: Self.verified), width: nil)
        #expect(Self.fact("Principal", in: lines) == "repo:example/app (workload, verified)")
        #expect(Self.fact("Issuer", in: lines) == "https://token.actions.example.com")
        #expect(Self.fact("Subject", in: lines) == "repo:example/app:ref:refs/heads/main")
        #expect(Self.fact("Email", in: lines) == "bot@example.com")
        #expect(Self.fact("Groups", in: lines) == "ci, deploy?[2J")
        #expect(Self.fact("Claims", in: lines) == "repository=example/app, run_id=12")
        let until = HumanText.localTime(Timestamp(microseconds: 3_600_000_000))
        #expect(Self.fact("Verified", in: lines) == "github_actions, RS256 with key key-1, until \(until)")
    }

    @Test func aLocalUserIsOneLineThatSaysThatNobodyVouches() throws {
        let lines = SessionPage.lines(of: try Self.details(of: .localUser(name: "ada", uid: 1000)), width: nil)
        #expect(Self.fact("Principal", in: lines) == "ada (local_user 1000, unverified)")
        for name in ["Issuer", "Subject", "Email", "Groups", "Claims", "Verified"] {
            #expect(Self.fact(name, in: lines) == nil)
        }
    }

    @Test func aRequestNamesItsLeaseByItsNumber() throws {
        let lines = SessionPage.lines(of: try Self.details(of: Self.verified), width: nil)
        let requests = lines.drop { $0 != "Requests" }.prefix { $0 != "" }.map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(requests[2][3...4] == ["injected", "7"])
        #expect(requests[3][3...5] == ["client_token", "0011223344556677", "-"])
        let leases = lines.drop { $0 != "Leases" }.prefix { $0 != "" }
        let (one, five) = (Timestamp(microseconds: 3), Timestamp(microseconds: 5))
        let replaced = "\(HumanText.localTime(one))  4        replaced \(HumanText.localTime(five))  the file /t"
        #expect(leases.dropFirst(2).first?.hasSuffix(replaced) == true, "\(leases)")
        let last = leases.last?.split(separator: " ").suffix(6).joined(separator: " ")
        #expect(last == "never 0 - the file /t", "\(leases)")
    }

    private static let direct = [
        ConnectionRecord(
            number: 1, destination: .unixSocket(path: "/run/docker.sock"), pid: 42, command: "docker",
            openedAt: Timestamp(microseconds: 1), verdict: .direct(rule: "egress.unix")),
        ConnectionRecord(
            number: 2, destination: .unixSocket(path: "/run/docker.sock\u{1b}[2J"), pid: nil, command: nil,
            openedAt: Timestamp(microseconds: 1), verdict: .direct(rule: "egress.unix"), count: 7),
    ]

    @Test func aConnectionToAUnixSocketIsShownByItsPathAndWithoutSizes() throws {
        let details = try Self.details(of: .localUser(name: "ada", uid: 1000), connections: Self.direct)
        let rows = SessionPage.lines(of: details, width: nil).drop { $0 != "Connections" }.prefix { $0 != "" }.map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(
            rows.dropFirst(2) == [
                "1 /run/docker.sock direct egress.unix docker[42] - - -",
                "2 /run/docker.sock?[2J direct egress.unix, 7 times - - - -",
            ])
    }

    @Test func theJSONHasUnixSocketsAndHowOftenTheyWereConnectedTo() throws {
        let details = try Self.details(of: .localUser(name: "ada", uid: 1000), connections: Self.direct)
        let text = SessionJSON.document(details)
        for line in [
            #""destination" : "/run/docker.sock""#, #""count" : 1"#, #""count" : 7"#, #""bytes_sent" : null"#,
            #""bytes_received" : null"#, #""rule" : "egress.unix""#, #""verdict" : "direct""#,
        ] {
            #expect(text.contains(line), "\(line) in \(text)")
        }
    }

    @Test(arguments: [
        (0, "connection  1: /run/docker.sock"), (1, "connection  2: /run/docker.sock\u{1b}[2J, 7 times"),
    ])
    func anEventSaysWhichUnixSocketAndHowOften(index: Int, line: String) throws {
        let session = try Self.details(of: .localUser(name: "ada", uid: 1000)).summary.record
        let event = AuditEvent(
            session: session.id, sequence: 1, moment: .now(), principal: EventPrincipal(session.principal),
            content: .connection(Self.direct[index]))
        let stored = StoredEvent(
            leaf: 1, session: session.id, sequence: 1, kind: event.kind.rawValue, time: event.moment.time,
            payload: event.payload, leafHash: [])
        #expect(EventText.line(of: stored).hasSuffix("  " + line), "\(EventText.line(of: stored))")
    }

    @Test func theJSONHasAllOfThePrincipal() throws {
        let text = SessionJSON.line(try Self.details(of: Self.verified).summary)
        let verified = #"""
            "principal":{"claims":{"repository":"example/app","run_id":"12"},"email":"bot@example.com",\#
            "groups":["ci","deploy\u001b[2J"],"issuer":"https://token.actions.example.com","kind":"workload",\#
            "name":"repo:example/app","subject":"repo:example/app:ref:refs/heads/main",\#
            "verification":{"algorithm":"RS256","expires_at":"1970-01-01T01:00:00.000Z",\#
            "issued_at":"1970-01-01T00:00:00.000Z","key_id":"key-1","method":"github_actions"},"verified":true}
            """#
        #expect(text.contains(verified), "\(text)")
        let local = SessionJSON.line(try Self.details(of: .localUser(name: "ada", uid: 1000)).summary)
        let unverified = #"""
            "principal":{"claims":{},"email":null,"groups":[],"issuer":null,"kind":"local_user","name":"ada",\#
            "subject":"1000","verification":null,"verified":false}
            """#
        #expect(local.contains(unverified), "\(local)")
    }

    @Test func theJSONHasLeasesAndWhatCarriedThem() throws {
        let text = SessionJSON.document(try Self.details(of: Self.verified))
        for line in [
            #""lease" : "lease-00000000000000aa""#, #""client_token" : "0011223344556677""#,
            #""credential" : "client_token""#, #""ending" : "replaced""#, #""renewal_count" : 4"#,
            #""source" : "the file /t""#, #""expires_at" : null"#, #""connection" : "claude""#,
        ] {
            #expect(text.contains(line), "\(line) in \(text)")
        }
    }
}

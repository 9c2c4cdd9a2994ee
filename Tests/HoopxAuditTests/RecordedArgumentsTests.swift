import HoopxCore
import Testing

@testable import HoopxAudit

@Suite struct RecordedArgumentsTests {
    /// A command line and what is recorded of it.
    private static let masked: [([String], [String])] = [
        (["mysql", "--password", "hunter2", "db"], ["mysql", "--password", "***", "db"]),
        (["mysql", "--password=hun ter;2&3"], ["mysql", "--password=***"]),
        (["tool", "-token", "abc", "--api-key", "k", "x"], ["tool", "-token", "***", "--api-key", "***", "x"]),
        (["tool", "--auth=abc", "--basicAuth", "u:p"], ["tool", "--auth=***", "--basicAuth", "***"]),
        (["tool", "--client-secret-id", "abc"], ["tool", "--client-secret-id", "***"]),
        (["env", "GITHUB_TOKEN=abc def", "ls"], ["env", "GITHUB_TOKEN=***", "ls"]),
        (["env", "PGPASSWORD=x", "AWS_SECRET_ACCESS_KEY=y"], ["env", "PGPASSWORD=***", "AWS_SECRET_ACCESS_KEY=***"]),
        (["curl", "-H", "Authorization: Bearer abc"], ["curl", "-H", "Authorization: ***"]),
        (
            ["curl", "-H", "x-api-key: abc", "-H", "Cookie: a=b; c=d"],
            ["curl", "-H", "x-api-key: ***", "-H", "Cookie: ***"]
        ),
        (["curl", "-Hproxy-authorization:Basic abc"], ["curl", "-Hproxy-authorization:***"]),
        (["curl", "-u", "ada:lovelace", "url"], ["curl", "-u", "***", "url"]),
        (["curl", "-uada:lovelace", "url"], ["curl", "-u***", "url"]),
        (["/usr/bin/curl", "-sU", "ada:lovelace"], ["/usr/bin/curl", "-sU", "***"]),
        (["sudo", "curl", "--user", "ada:lovelace"], ["sudo", "curl", "--user", "***"]),
        (["git", "clone", "https://ada:love@example.com/x@y"], ["git", "clone", "https://***@example.com/x@y"]),
        (["git", "clone", "https://abcdef@example.com/"], ["git", "clone", "https://***@example.com/"]),
        (["psql", "postgresql://ada:l@ve@db:5432/x"], ["psql", "postgresql://***@db:5432/x"]),
        (["curl", "https://h/?access_token=abc&x=1#t"], ["curl", "https://h/?access_token=***&x=1#t"]),
        (
            ["git", "-c", "http.extraheader=Authorization: Basic abc", "fetch"],
            ["git", "-c", "http.extraheader=Authorization: ***", "fetch"]
        ),
        (
            ["curl", "-d", #"{"user": "ada", "password": "love lace", "n": 1}"#],
            ["curl", "-d", #"{"user": "ada", "password": ***, "n": 1}"#]
        ),
        (
            ["npm", "config", "set", "//r.example/:_authToken=abc"],
            ["npm", "config", "set", "//r.example/:_authToken=***"]
        ),
    ]

    /// Scripts: what follows `-c`.
    private static let scripts = [
        ("TOKEN=abc cmd one", "TOKEN=*** cmd one"),
        ("cd /x && API_KEY='a b' cmd; ls", "cd /x && API_KEY=*** cmd; ls"),
        (#"A_TOKEN=ab"c d"e cmd"#, "A_TOKEN=*** cmd"),
        ("mysql --password hunter2 db", "mysql --password *** db"),
        ("mysql --password='hun ter' db", "mysql --password=*** db"),
        (#"curl -H "Authorization: Bearer abc" https://h/"#, #"curl -H "Authorization: ***" https://h/"#),
        ("curl -H 'x-api-key: abc' https://h/", "curl -H 'x-api-key: ***' https://h/"),
        ("curl -H 'x-auth: Bearer abc' https://h/", "curl -H 'x-auth: ***' https://h/"),
        (#"curl -d "{\"token\": \"abc\", \"x\": 1}" h"#, #"curl -d "{\"token\": ***, \"x\": 1}" h"#),
        ("curl -s -u ada:lovelace h", "curl -s -u *** h"),
        ("curl 'https://h/?token=abc' | sh", "curl 'https://h/?token=***' | sh"),
        ("password = hunter2\nnext", "password = ***\nnext"),
        ("git clone https://ada:love@example.com/x", "git clone https://***@example.com/x"),
    ]

    @Test func whatCommonlyIsASecretIsHidden() {
        for (given, recorded) in Self.masked { #expect(RecordedArguments(given).words == recorded, "\(given)") }
        for (given, recorded) in Self.scripts {
            #expect(RecordedArguments(["sh", "-c", given]).words == ["sh", "-c", recorded])
        }
    }

    @Test func secretsThatAreKnownByTheirShapeAreHiddenWhereverTheyStand() {
        let letters = String(repeating: "aB3", count: 12)
        let shapes = [
            "sk-ant-": "api03-\(letters)_-", "sk-proj-": letters, "ghp_": letters, "gho_": letters, "ghs_": letters,
            "github_pat_": "11A_\(letters)", "glpat-": letters, "xoxb-": "12-34-\(letters)", "xoxp-": letters,
            "AKIA": "IOSFODNN7EXAMPLE", "AIza": letters, "eyJ": "hbGciOi.eyJzdWIi.\(letters)",
            "-----BEGIN RSA PRIVATE KEY-----": "\nMIIE\n\(letters)\n",
        ]
        for (prefix, body) in shapes {
            for (before, behind) in [("", ""), ("x='", "'"), ("say ", " now"), ("a=", "\n"), ("(", ")")] {
                let words = RecordedArguments(["echo", before + prefix + body + behind]).words
                let rest = prefix.hasPrefix("-----") ? "" : behind
                #expect(words == ["echo", before + prefix + "***" + rest], "\(prefix)")
            }
        }
        let key = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n"
        #expect(
            RecordedArguments([key + "x"]).words
                == ["-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----\nx"])
        Placeholder.generate().secret.withValue { value in
            #expect(RecordedArguments(["echo", "a \(value)"]).words == ["echo", "a hoopx-***"])
        }
    }

    @Test(arguments: [
        ["git", "commit", "--author", "Ada <ada@example.com>", "--author=Ada"],
        ["claude", "-p", "explain tokens, authors and the secretary's passwords"],
        ["tool", "--max-tokens", "100", "--tokenizer=bpe", "--token-file", "/run/t", "--password-stdin", "x"],
        ["tool", "--no-password", "x", "--auth-type=basic", "--token", "--verbose", "y"],
        ["docker", "run", "-u", "1000:1000", "image"],
        ["ssh", "git@example.com"], ["git", "clone", "ssh://git@example.com/x"], ["scp", "a:b", "c@d:e"],
        ["curl", "-u", "ada", "http://h/?a=b@c", "http://h:80/@x"],
        ["sh", "-c", "echo $TOKEN; for i in a b; do ls --color=auto; done"],
        ["task-ant-abcdefghijklmn", "AKIAI", "eyJust.a.name", "xox", "gh", "ghp_short", "-----BEGIN CERTIFICATE-----"],
        ["", "-", "--", "=", ":", "://", "\"", "\\", "'", "-c"],
        ["a\u{1b}[2J\u{fc}\n", "\u{1f600}"],
    ])
    func whatIsNoSecretStays(arguments: [String]) {
        #expect(RecordedArguments(arguments).words == arguments)
    }

    @Test func bytesThatAreNoTextAreReplaced() {
        #expect(RecordedArguments(bytes: [[0xff, 0x61], []]).words == ["\u{fffd}a", ""])
    }

    /// Every way to cut a command line short, and quotes in every place: hiding reads nothing beyond the end.
    @Test func noTextBreaksIt() {
        let line = Array(#"curl -u a:b -H "Authorization: x" --password='y' https://u:p@h {"token": "z\"} \"#.utf8)
        for end in 0...line.count {
            for quote in 0..<end {
                var cut = Array(line[..<end])
                cut[quote] = UInt8(ascii: "\\")
                _ = RecordedArguments(bytes: [cut, cut])
                cut[quote] = UInt8(ascii: "\"")
                _ = RecordedArguments(bytes: [Array("-c".utf8), cut])
            }
        }
    }

    @Test func hidingTakesATimeThatGrowsWithTheLengthOnly() {
        let units = ["a=", "token", "token=", "\"", "\\", "://", "-u ", "eyJ", "eyJ.", "-----BEGIN ", "curl "]
        for unit in units {
            let text = String(repeating: unit, count: (16 << 10) / unit.utf8.count)
            let took = ContinuousClock().measure { _ = RecordedArguments(["sh", "-c", text]) }
            #expect(took < .seconds(5), "\(unit)")
        }
    }
}

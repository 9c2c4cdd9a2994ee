import HoopxTestSupport
import Testing

/// Names and addresses that mean to be taken for allowed ones (attempts 41-43, 47-49, 51).
@Suite struct ProxyNameTests {
    /// 42. The witness is the log of the only way out of the company.
    @Test(arguments: [true, false])
    func aNameThatLooksLikeAnAllowedOneIsNotReached(resolving: Bool) async throws {
        try await HoopxFixture.run { fixture in
            let company = try await Company(fixture)
            let (control, supervised) = try await company.attempt("look-alikes", fixture, resolving: resolving)
            #expect(control.log.filter { $0.hasSuffix(" 200") }.count >= 7, "\(control.run)")
            #expect(supervised.run.stdout.hasSuffix("tried\n"), "\(supervised.run)")
            // A name in letters of another script may be spelled as the allowed one before it is asked for.
            #expect(Set(supervised.log).isSubset(of: Company.allowed), "\(supervised.run)")
        }
    }

    @Test func anotherSpellingOfAnAllowedNameIsThatName() async throws {
        try await HoopxFixture.run { fixture in
            let company = try await Company(fixture)
            let (_, supervised) = try await company.attempt("spellings-of-allowed-names", fixture, resolving: true)
            #expect(Set(supervised.log) == Company.allowed, "\(supervised.run)")
        }
    }

    /// 41, also as SOCKS. What is behind the zero or the line end must not be what is asked for.
    @Test func aConnectThatIsNoNameAndPortLeadsNowhere() async throws {
        try await HoopxFixture.run { fixture in
            let company = try await Company(fixture)
            let (control, supervised) = try await company.attempt("connect-lines", fixture, resolving: false)
            #expect(control.log.contains("CONNECT evil.example.com:443 200"), "\(control.run)")
            #expect(supervised.run.stdout.hasSuffix("tried\n"), "\(supervised.run)")
            #expect(supervised.log == [], "\(supervised.run)")
        }
    }

    /// 43. The control has the site answer to each of the names.
    @Test(arguments: [true, false])
    func anAllowedConnectionIsNotForAnotherServersTLS(resolving: Bool) async throws {
        try await HoopxFixture.run { fixture in
            let company = try await Company(fixture)
            let (control, supervised) = try await company.attempt("fronting", fixture, resolving: resolving)
            #expect(control.run.stdout.contains("another name answered"), "\(control.run)")
            #expect(control.run.stdout.contains("no name answered"), "\(control.run)")
            #expect(control.log.count == 8, "\(control.run)")
            #expect(supervised.run.stdout.hasSuffix("tried\n"), "\(supervised.run)")
            #expect(supervised.log == [], "denied before anything was sent: \(supervised.run)")
        }
    }

    /// 51. The control is the company's proxy, which does not know itself, and says so.
    @Test func theProxyDoesNotConnectToItself() async throws {
        try await HoopxFixture.run { fixture in
            let company = try await Company(fixture)
            let (control, supervised) = try await company.attempt("its-own-port", fixture, resolving: false)
            #expect(control.log.count == 7, "\(control.run)")
            let answers = supervised.run.stdout.split(separator: "\n").dropLast().map { $0.split(separator: " ")[1] }
            #expect(answers.count == 7 && Set(answers).isSubset(of: ["400", "403"]), "\(supervised.run)")
            #expect(supervised.log == [])
        }
    }

    /// 47: the cloud's metadata. 48: a relay of its own. 49: an address of hoopx's range that stands for no name.
    /// 51: hoopx's private listeners, beside all others on loopback.
    @Test(arguments: [
        ("metadata", ["reached TCP 169.254.169.254 80"]),
        ("synthetic", [0, 1, 2, 3, 77].map { "left TCP 198.18.0.\($0):443" }),
        ("relay", ["left TCP 192.0.2.7:81"]),
        (
            "listening",
            ["22", "7777", "7778"].map { "heard TCP 127.0.0.1 \($0)" } + ["left TCP 192.0.2.7:53"]
                + ["22", "7777", "7778"].map { "reached TCP 127.0.0.1 \($0)" }
        ),
    ])
    func noOtherAddressIsReached(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("direct.py \(attempt)")).expect(control)
        }
    }

    /// 47: allowed names whose addresses are the machine's own.
    @Test func anAllowedNameDoesNotLeadToTheMachineItself() async throws {
        try await HoopxFixture.run { fixture in
            let names = ["rebound.example.com:7777", "rebound6.example.com:7777", "metadata.example.com:80"]
            let yaml = "version: 1\negress: {tunnel: [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]}"
            let reached = try await fixture.reach(.python("direct.py rebound"), configuration: yaml)
            #expect(reached.control.count == 7, "\(reached)")
            reached.expectNothing()
            #expect(reached.description.contains("address_not_allowed"), "\(reached)")
        }
    }

    /// 47: an answer that sends the client elsewhere.
    @Test func aRedirectIsFollowedNowhere() async throws {
        try await HoopxFixture.run { fixture in
            let company = try await Company(fixture)
            let recorder = try await Recorder(fixture)
            let control = try await fixture.start(
                program: [
                    "/usr/bin/curl", "-sSL", "--noproxy", "127.0.0.1", "-x", company.proxy.url,
                    recorder.url + "/redirect",
                ]
            ).finish()
            #expect(company.proxy.log == ["GET http://evil.example.com/stolen 405"], "\(control)")
            let run = try await fixture.run(
                ["/bin/sh", "-c", "curl -sSL -m 9 -w ' %{http_code}' $ANTHROPIC_BASE_URL/redirect"],
                configuration: fixture.configuration(recorder.configuration),
                environment: ["HTTP_PROXY": company.proxy.url, "HTTPS_PROXY": company.proxy.url])
            #expect(run.stderr.contains("Could not resolve host: evil.example.com"), "\(run)")
            #expect(company.proxy.log.count == 1, "\(run)")
        }
    }
}

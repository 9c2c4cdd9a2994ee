import Foundation
import HoopxTestSupport
import NIOHTTP1
import Testing

/// What the intercepting proxy does with HTTP/1.1, seen by a client and an upstream.
@Suite struct InterceptionTests {
    @Test(arguments: [nil, .gzip] as [ContentCoding?])
    func eachEventArrivesBeforeTheNextOneIsSent(coding: ContentCoding?) async throws {
        try await HoopxFixture.run { fixture in
            let gate = fixture.gate()
            let api = try await fixture.claudeAPI { _ in
                var delivery = Delivery()
                delivery.gate = gate
                delivery.coding = coding
                return .turn(ModelTurn([.text("One event.")]), delivery)
            }
            let process = try fixture.start([
                "run", "--config", fixture.configuration(for: api), "--",
                Clients.python(), Clients.script("events.py"), String(Question.streamed),
            ])
            try await process.waitForStdout("status 200")
            let events = [
                "message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta",
                "content_block_stop", "message_delta", "message_stop",
            ]
            var expected = "status 200\n"
            for event in events {
                gate.open()
                expected += event + "\n"
                try await process.waitForStdout(expected)
                #expect(process.stdout == expected, "nothing ahead of the gate")
            }
            gate.open()
            let run = try await process.finish()
            #expect(run.stdout == expected + "end\n", "\(run)")
        }
    }

    @Test func aGigabyteEachWayPassesInConstantMemory() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let megabytes = 1024
            let process = try fixture.start([
                "run", "--config", fixture.configuration(for: api), "--",
                Clients.python(), Clients.script("big.py"), String(megabytes),
            ])
            try await process.waitForStdout("downloaded 200 \(megabytes << 20)", within: .seconds(240))
            #expect(process.stdout.contains("\"size_bytes\":\(megabytes << 20)"), "\(process.stdout)")
            // A debug build; `make bench` holds the release build to its figure.
            #expect(try Self.peakMemory(of: process.pid) < 100 << 20)
            process.write("\n")
            #expect(try await process.exit() == .status(0))

            let session = try await fixture.newestSession()
            let requests = try #require(session.requests)
            #expect(requests.map(\.requestBytes) == [megabytes << 20, 0])
            #expect(requests.last?.responseBytes == megabytes << 20)
        }
    }

    @Test func aSlowReaderHoldsTheUpstreamBack() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let process = try fixture.start([
                "run", "--config", fixture.configuration(for: api), "--", Clients.python(), "-c",
                """
                import http.client, os, sys
                c = http.client.HTTPSConnection("api.anthropic.com", timeout=120)
                c.request("GET", "/v1/files/file_size_%d/content" % (256 << 20),
                          headers={"x-api-key": os.environ["ANTHROPIC_API_KEY"]})
                print("status", c.getresponse().status, flush=True)
                sys.stdin.readline()
                """,
            ])
            try await process.waitForStdout("status 200")
            // Everything that can move has moved once hoopx has stopped growing for a while.
            var last = -1
            var stable = 0
            try await eventually(within: .seconds(60), "hoopx to come to rest") {
                let now = try Self.peakMemory(of: process.pid)
                stable = now == last ? stable + 1 : 0
                last = now
                return stable > 100
            }
            #expect(last < 100 << 20)
            process.write("\n")
            #expect(try await process.exit() == .status(0))
        }
    }

    @Test func bothSidesKeepTheirConnections() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.python(
                """
                import http.client, os, sys
                c = http.client.HTTPSConnection("api.anthropic.com", timeout=60)
                for i in range(5):
                    c.request("POST", "/v1/messages", sys.argv[1], {"x-api-key": os.environ["ANTHROPIC_API_KEY"]})
                    r = c.getresponse(); r.read()
                    print(r.status, c.sock is not None)
                """, [Question.body], configuration: fixture.configuration(for: api))
            #expect(run.stdout == String(repeating: "200 True\n", count: 5), "\(run)")
            #expect(api.server.connectionCount == 1)
            #expect(try await fixture.newestSession().connections?.count == 1)
        }
    }

    @Test func chunkedBodiesTrailersAndEncodingsPassUnchanged() async throws {
        try await HoopxFixture.run { fixture in
            // One stored block (RFC 1951, 3.2.4), so that the text can be seen in it.
            let head: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 8, 0, 0xf7, 0xff]
            let gzipped = head + "squeezed".utf8 + [0xde, 0x26, 0x14, 0, 8, 0, 0, 0]
            let server = try await fixture.httpServer { request in
                #expect(request.text == "onetwo")
                #expect(request.headers["transfer-encoding"] == ["chunked"])
                let headers: HTTPHeaders = [
                    "content-encoding": "gzip", "transfer-encoding": "chunked", "trailer": "x-checksum",
                ]
                return [.head(.ok, headers), .bytes(gzipped), .end(["x-checksum": "42"])]
            }
            let run = try await fixture.python(
                Self.rawExchange,
                [
                    "POST /up HTTP/1.1\\r\\nHost: raw.example.com\\r\\nTransfer-Encoding: chunked\\r\\n"
                        + "Accept-Encoding: gzip\\r\\nTrailer: x-sum\\r\\nAuthorization: Bearer PLACEHOLDER\\r\\n"
                        + "Connection: close\\r\\n\\r\\n"
                        + "3\\r\\none\\r\\n3\\r\\ntwo\\r\\n0\\r\\nx-sum: 7\\r\\n\\r\\n"
                ], configuration: Self.rawConfiguration(fixture, server), environment: ["RAW_TOKEN": "real"])
            #expect(run.stdout.hasPrefix("HTTP/1.1 200 "), "\(run)")
            #expect(run.stdout.contains("content-encoding: gzip"), "\(run)")
            #expect(run.stdout.contains("squeezed"), "\(run)")
            #expect(run.stdout.contains("x-checksum: 42"), "\(run)")
            let request = try #require(server.requests.first)
            #expect(request.trailers?["x-sum"] == ["7"])
            #expect(request.headers["authorization"] == ["Bearer real"])
        }
    }

    @Test func leaveToSendABodyComesFromHoopxWhichTakesItInFirst() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { .answer("got \($0.bodyByteCount)") }
            let run = try await fixture.shell(
                """
                head -c 100000 /dev/zero | curl -sS -v -m 60 --expect100-timeout 50 -H 'Expect: 100-continue' \
                  -H "Authorization: Bearer $RAW_TOKEN" --data-binary @- https://raw.example.com/ 2>&1
                """, configuration: Self.rawConfiguration(fixture, server), environment: ["RAW_TOKEN": "real"])
            #expect(run.stdout.contains("HTTP/1.1 100 Continue"), "\(run)")
            #expect(run.stdout.contains("got 100000"), "\(run)")
            #expect(server.requests.first?.headers["expect"] == [])
        }
    }

    @Test func anAnswerBeforeTheBodyIsSentEndsTheRequest() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer(
                early: { _ in .answer("no", status: .payloadTooLarge, headers: ["connection": "close"]) },
                { _ in [] })
            let run = try await fixture.shell(
                """
                head -c 50000000 /dev/zero | curl -sS -m 60 -o /dev/null -w '%{http_code}' \
                  -H "Authorization: Bearer $RAW_TOKEN" -H 'Expect:' --data-binary @- https://raw.example.com/
                """, configuration: Self.rawConfiguration(fixture, server), environment: ["RAW_TOKEN": "real"])
            #expect(run.stdout == "413", "\(run)")
        }
    }

    @Test func anUpgradeIsRefusedWithAReason() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                """
                curl -sS -m 60 -i https://api.anthropic.com/v1/socket -H "x-api-key: $ANTHROPIC_API_KEY" \
                  -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
                  -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
                """, configuration: fixture.configuration(for: api))
            #expect(run.stdout.hasPrefix("HTTP/1.1 501 "), "\(run)")
            #expect(run.stdout.contains("upgrade_refused"), "\(run)")
            #expect(api.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\\r\\n\\r\\n",
        "GET / HTTP/1.1\\r\\nHost: raw.example.com\\r\\nHost: raw.example.com\\r\\n\\r\\n",
        "POST / HTTP/1.1\\r\\nHost: raw.example.com\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
        "POST / HTTP/1.1\\r\\nHost: raw.example.com\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabcd",
        "GET / HTTP/1.1\\r\\nHost: raw.example.com\\r\\nX: a\\r\\n b\\r\\n\\r\\n",
        "GET http://raw.example.com/ HTTP/1.1\\r\\nHost: raw.example.com\\r\\n\\r\\n",
    ])
    func aRequestThatCanBeReadInTwoWaysIsRefused(request: String) async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { _ in .answer("reached") }
            let run = try await fixture.python(
                Self.rawExchange, [request], configuration: Self.rawConfiguration(fixture, server),
                environment: ["RAW_TOKEN": "real"])
            #expect(run.stdout.hasPrefix("HTTP/1.1 400 "), "\(run)")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aHostHeaderThatIsNotTheResolvedNameIsRefused() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { _ in .answer("reached") }
            let run = try await fixture.python(
                Self.rawExchange, ["GET / HTTP/1.1\\r\\nHost: other.example.com\\r\\nConnection: close\\r\\n\\r\\n"],
                configuration: Self.rawConfiguration(fixture, server), environment: ["RAW_TOKEN": "real"])
            #expect(run.stdout.hasPrefix("HTTP/1.1 403 "), "\(run)")
            #expect(run.stdout.contains("name_mismatch"), "\(run)")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aClientThatGoesAwayClosesTheUpstream() async throws {
        try await HoopxFixture.run { fixture in
            let gate = fixture.gate()
            let api = try await fixture.claudeAPI { _ in
                var delivery = Delivery()
                delivery.gate = gate
                return .turn(ModelTurn([.text("Nobody listens.")]), delivery)
            }
            let process = try fixture.start([
                "run", "--config", fixture.configuration(for: api), "--", "/bin/sh", "-c",
                """
                python3 "$0" "$1" & client=$!
                read line; kill -9 $client; wait; echo killed; read line
                """, Clients.script("events.py"), String(Question.streamed),
            ])
            gate.open()
            try await process.waitForStdout("message_start")
            process.write("\n")
            try await process.waitForStdout("killed")
            try await eventually("the upstream's connection to be closed") { api.server.brokenAnswers == 1 }
            process.write("\n")
            #expect(try await process.exit() == .status(0))
        }
    }

    // MARK: parts

    /// A connection `raw` of type http with a bearer token from RAW_TOKEN.
    private static func rawConfiguration(_ fixture: HoopxFixture, _ server: LoopbackHTTPServer) throws -> String {
        try fixture.configuration(
            """
            version: 1
            connections:
              raw:
                type: http
                hosts: [raw.example.com]
                upstream: \(server.url)
                credential: {source: env, variable: RAW_TOKEN}
            """)
    }

    /// Sends its argument's bytes over TLS and prints what comes back until the end.
    private static let rawExchange = """
        import os, socket, ssl, sys
        request = sys.argv[1].encode().decode("unicode_escape").replace("PLACEHOLDER", os.environ["RAW_TOKEN"])
        s = ssl.create_default_context().wrap_socket(
            socket.create_connection(("raw.example.com", 443), 60), server_hostname="raw.example.com")
        s.sendall(request.encode())
        while data := s.recv(65536):
            sys.stdout.write(data.decode("latin-1")); sys.stdout.flush()
        """

    private static func peakMemory(of pid: pid_t) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
            throw TestSupportError("no VmHWM in /proc/\(pid)/status")
        }
        return kilobytes << 10
    }
}

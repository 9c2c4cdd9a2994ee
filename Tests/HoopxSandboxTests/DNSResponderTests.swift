import Testing

@testable import HoopxSandbox

/// The name service on its sockets, with clients that send noise, break off and never come to an end.
@Suite struct DNSResponderTests {
    private static let client = """
        import random
        random.seed(4)
        question = b"\\x03api\\x07example\\x03com\\x00\\x00\\x01\\x00\\x01"
        query = struct.pack(">6H", 0x1234, 0x0100, 1, 0, 0, 0) + question
        framed = struct.pack(">H", len(query)) + query
        def is_answer(bytes): return bytes[:2] == query[:2] and bytes[2] & 0x80 and bytes[-4:-2] == b"\\xc6\\x12"
        def dial():
            connection = connected("192.0.2.53", 53); connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        def read(connection, count):
            got = b""
            while len(got) < count:
                part = connection.recv(count - len(got))
                if not part: return got
                got += part
            return got
        def answer(connection):
            return read(connection, struct.unpack(">H", read(connection, 2))[0])
        def ask(resolver):
            # A resolver asks again: behind noise a datagram finds the queue full.
            resolver.settimeout(1)
            for _ in range(30):
                resolver.send(query)
                try: return is_answer(resolver.recv(512))
                except TimeoutError: pass
        def noise(): return bytes(random.choice(query + b"\\xc0\\xff\\x00") for _ in range(random.randrange(80)))

        """

    @Test func datagramsOfNoiseLeaveTheServiceAsItWas() async throws {
        let outcome = try await Sandboxed.run(
            python: Self.client + """
                for family, host in ((socket.AF_INET, "192.0.2.53"), (socket.AF_INET6, "2001:db8::53")):
                    resolver = socket.socket(family, socket.SOCK_DGRAM); resolver.settimeout(20); resolver.connect((host, 53))
                    resolver.send(b""); resolver.send(query + bytes(2048 - len(query))); print(is_answer(resolver.recv(512)))
                    resolver.send(query + bytes(2049 - len(query)))
                    if family == socket.AF_INET: resolver.send(bytes(65507))
                    for length in range(12): resolver.send(query[:length])
                    # Nothing of these is answered: what comes first is the next query's.
                    print(ask(resolver))
                    for _ in range(2000): resolver.send(noise())
                    resolver.close()
                    resolver = socket.socket(family, socket.SOCK_DGRAM); resolver.connect((host, 53)); print(ask(resolver))
                """, FakeEgress.nothing())
        #expect(outcome.output == Array(repeating: "True\nTrue\nTrue", count: 2).joined(separator: "\n"))
    }

    @Test func framesThatAreCutAnywhereAreReadWholeOrGivenUp() async throws {
        let outcome = try await Sandboxed.run(
            python: Self.client + """
                patient = dial(); results = set()
                for cut in range(1, len(framed)):
                    # In two parts, the second of which comes once the first was read: another's answer lies between.
                    patient.sendall(framed[:cut]); other = dial(); other.sendall(framed); results.add(is_answer(answer(other)))
                    patient.sendall(framed[cut:]); results.add(is_answer(answer(patient)))
                    # And one that ends in the middle.
                    other.sendall(framed[:cut]); other.shutdown(socket.SHUT_WR); results.add(other.recv(1) == b"")
                one_by_one = dial()
                for byte in framed * 3: one_by_one.sendall(bytes([byte]))
                print(results, [is_answer(answer(one_by_one)) for _ in range(3)])
                many = dial(); many.sendall(framed * 200); print({is_answer(answer(many)) for _ in range(200)})
                """, FakeEgress.nothing())
        #expect(outcome.output == "{True} [True, True, True]\n{True}")
    }

    @Test func framesThatHoldNoQueryEndTheirConnectionOnly() async throws {
        let outcome = try await Sandboxed.run(
            python: Self.client + """
                patient = dial(); patient.sendall(framed[:9]); ends = set()
                for bytes_ in [b"\\0\\0", b"\\0\\1x", b"\\xff\\xff" + bytes(65535), b"\\x08\\x01" + bytes(2049),
                        struct.pack(">H", 11) + query[:11], struct.pack(">H", len(query)) + b"\\0\\0\\x80" + query[3:]]:
                    with dial() as connection:
                        connection.sendall(bytes_)
                        try: ends.add(connection.recv(10))
                        except ConnectionResetError: ends.add(b"")
                print(ends)
                for _ in range(300):
                    with dial() as connection: connection.sendall(b"".join(struct.pack(">H", len(n)) + n for n in (noise(), noise())))
                last = dial(); last.sendall(framed); print(is_answer(answer(last)))
                """, FakeEgress.nothing())
        #expect(outcome.output == "{b''}\nTrue")
    }
}

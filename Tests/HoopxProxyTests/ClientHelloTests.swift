import HoopxCore
import NIOCore
import NIOEmbedded
import NIOSSL
import Testing

@testable import HoopxProxy

/// The first message of a TLS connection, from clients that are honest, broken, and hostile.
struct ClientHelloTests {
    /// What NIOSSL (BoringSSL) sends for a name.
    private func hello(_ name: String?) throws -> ByteBuffer {
        let channel = EmbeddedChannel()
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        return try #require(try channel.readOutbound(as: ByteBuffer.self))
    }

    @Test func theNameOfARealHelloIsFound() throws {
        let name = try #require(DomainName("api.example.com"))
        let reading = ClientHello.read(try hello("API.example.com"))
        #expect(reading == .hello(ClientHello(serverName: .name(name), hasEncryptedHello: false)))
        #expect(ClientHello.read(try hello(nil)) == .hello(ClientHello(serverName: .absent, hasEncryptedHello: false)))
    }

    @Test func everyBeginningOfAHelloIsIncomplete() throws {
        let whole = try hello("api.example.com")
        for length in 0..<whole.readableBytes {
            let part = try #require(whole.getSlice(at: whole.readerIndex, length: length))
            #expect(ClientHello.read(part) == .incomplete, "\(length)")
        }
    }

    @Test func aHelloMayBeSpreadOverRecordsOfAnySize() throws {
        let whole = try hello("api.example.com")
        let expected = ClientHello.read(whole)
        let message = Array(whole.readableBytesView.dropFirst(5))
        for size in [1, 2, 3, 7, 64, 511] {
            var records = ByteBuffer()
            for start in stride(from: 0, to: message.count, by: size) {
                let piece = message[start..<min(start + size, message.count)]
                records.writeBytes([22, 3, 1, UInt8(piece.count >> 8), UInt8(piece.count & 255)] + piece)
            }
            #expect(ClientHello.read(records) == expected, "\(size)")
        }
    }

    @Test func noMutationOfAHelloNamesAnotherServerWithoutSayingSo() throws {
        // Every byte, set to values that lengths and types turn on: nothing traps, and a name is a whole name.
        let whole = Array(try hello("api.example.com").readableBytesView)
        for index in whole.indices {
            for value: UInt8 in [0, 1, 2, 22, 127, 128, 254, 255, whole[index] &+ 1, whole[index] &- 1] {
                var mutated = whole
                mutated[index] = value
                if case .hello(let hello) = ClientHello.read(ByteBuffer(bytes: mutated)),
                    case .name(let name) = hello.serverName
                {
                    #expect(DomainName(name.description) == name)
                }
            }
        }
    }

    @Test func randomBytesNeverTrap() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...96, using: &random)
            var bytes: [UInt8] = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            // Most of them look like a handshake at first, to get further in.
            if Bool.random(), bytes.count > 12 {
                bytes.replaceSubrange(
                    0..<9, with: [22, 3, 1, 0, UInt8(bytes.count - 5), 1, 0, 0, UInt8(bytes.count - 9)])
            }
            _ = FirstBytesReading(ByteBuffer(bytes: bytes))
        }
    }

    @Test(arguments: [
        ("two names", ["a.example.com", "b.example.com"], 0, ClientHello.ServerName.invalid),
        ("an address", ["192.0.2.1"], 0, .invalid), ("an empty name", [""], 0, .invalid),
        ("a NUL", ["a.example.com\u{0}.evil.com"], 0, .invalid), ("another type", ["a.example.com"], 1, .invalid),
        ("a blank", ["a example.com"], 0, .invalid),
    ])
    func aServerNameThatIsNoHostNameIsInvalid(
        what: String, names: [String], type: UInt8, expected: ClientHello.ServerName
    ) {
        #expect(
            ClientHello.read(Self.hello(names: [names], type: type))
                == .hello(.init(serverName: expected, hasEncryptedHello: false)))
    }

    @Test func twoServerNameExtensionsAreMalformed() {
        #expect(ClientHello.read(Self.hello(names: [["a.example.com"], ["b.example.com"]])) == .malformed)
    }

    @Test func anEncryptedHelloIsSeen() {
        let reading = ClientHello.read(Self.hello(names: [["a.example.com"]], isEncrypted: true))
        guard case .hello(let hello) = reading else { return #expect(Bool(false), "\(reading)") }
        #expect(hello.hasEncryptedHello)
    }

    @Test func anEndlessHelloIsNotReadOn() {
        var bytes = ByteBuffer(bytes: [22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff])
        bytes.writeRepeatingByte(0, count: 0x4000 - 4)
        bytes.writeBytes([22, 3, 1, 0x40, 0])
        bytes.writeRepeatingByte(0, count: 0x4000)
        #expect(ClientHello.read(bytes) == .malformed)
    }

    /// A hello with just these server names.
    static func hello(names: [[String]], type: UInt8 = 0, isEncrypted: Bool = false) -> ByteBuffer {
        func prefixed(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes }
        var extensions: [UInt8] = []
        for list in names {
            var entries: [UInt8] = []
            for name in list { entries += [type] + prefixed(Array(name.utf8)) }
            extensions += [0, 0] + prefixed(prefixed(entries))
        }
        if isEncrypted { extensions += [0xfe, 0x0d] + prefixed([0]) }
        let body: [UInt8] =
            [3, 3] + [UInt8](repeating: 7, count: 32) + [0] + prefixed([0x13, 0x01]) + [1, 0] + prefixed(extensions)
        let message: [UInt8] = [1, 0] + prefixed(body)
        return ByteBuffer(bytes: [22, 3, 1] + prefixed(message))
    }
}

struct FirstBytesReadingTests {
    @Test(arguments: ["GET /", "POST / HTTP/1.1\r\n", "M-SEARCH /x", "OPTIONS /"])
    func aRequestLineIsHTTP(text: String) { #expect(FirstBytesReading(ByteBuffer(string: text)) == .http) }

    @Test(arguments: ["", "G", "GET", "GET ", "\u{16}", "\u{16}\u{3}"])
    func tooFewBytesAreIncomplete(text: String) {
        #expect(FirstBytesReading(ByteBuffer(string: text)) == .incomplete)
    }

    @Test(arguments: [
        " /", "get /", "GET x", "SSH-2.0-x\r\n", "\u{0}", "GET\t/", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "GET\r\n",
    ])
    func everythingElseIsNeither(text: String) { #expect(FirstBytesReading(ByteBuffer(string: text)) == .other) }
}

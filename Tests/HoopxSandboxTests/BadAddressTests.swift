import Testing

@testable import HoopxSandbox

/// connect(2) with addresses that are none: every program gets the error that it would get without hoopx.
@Suite struct BadAddressTests {
    /// Prints `kind what length: result` for each attempt, of each kind of socket that a target can have.
    private static let preamble = """
        import mmap
        number = {"x86_64": 42, "aarch64": 203}[os.uname().machine]
        def call(thing, address, length):
            ctypes.set_errno(0)
            result = libc.syscall(ctypes.c_long(number), ctypes.c_long(thing.fileno()), address, ctypes.c_long(length))
            return result if result >= 0 else name(ctypes.get_errno())
        kinds = {
            "tcp4": lambda: socket.socket(), "tcp6": lambda: socket.socket(socket.AF_INET6),
            "udp4": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "udp6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
            "stream": lambda: socket.socket(socket.AF_UNIX),
            "packets": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET),
            "route": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
            "pair": lambda: socket.socketpair()[0], "file": lambda: open("/dev/null"), "event": lambda: select.epoll(),
        }
        # What a bound route socket is bound to differs from run to run; an answer does not.
        def attempt_each(what, addresses, lengths):
            for kind, make in kinds.items():
                for label, address in addresses.items():
                    for length in lengths:
                        with make() as thing: print(kind, what, label, length, call(thing, address, length))

        """

    /// - Returns: the lines in which a run under hoopx differs from one without, each with hoopx's and the native word.
    private func differences(_ program: String) async throws -> (count: Int, [String]) {
        let command = Sandboxed.python(Self.preamble + program)
        let native = try await Native.run(command).split(separator: "\n")
        let sandboxed = try await Sandboxed.run(command, FakeEgress.nothing()).output.split(separator: "\n")
        guard native.count == sandboxed.count else { return (0, ["\(sandboxed.count) lines: \(sandboxed.suffix(3))"]) }
        let differing = zip(sandboxed, native).filter { $0 != $1 }
        return (native.count, differing.map { "\($0) | \($1.split(separator: " ").last ?? "")" })
    }

    @Test func lengthsThatNoAddressHas() async throws {
        let (count, found) = try await differences(
            """
            lengths = [0, 1, 2, 3, 127, 128, 129, 2**31 - 1, 2**31, -1, -2**31, 2**32 + 16, 2**63 - 1]
            attempt_each("length", {"zeros": bytes(256), "ones": bytes([255] * 256)}, lengths)
            """)
        #expect(count == 260)
        #expect(found == [])
    }

    @Test func memoryThatIsNotThere() async throws {
        let (count, found) = try await differences(
            """
            page = mmap.PAGESIZE
            libc.mmap.restype = ctypes.c_void_p
            libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
            start = libc.mmap(None, 2 * page, 3, 0x22, -1, 0)
            ctypes.memset(start, 0, page)
            libc.munmap(ctypes.c_void_p(start + page), ctypes.c_size_t(page))
            end = start + page
            places = {"null": 0, "low": 16, "kernel": 2**63, "last": 2**64 - 1, "border": end, "odd": 2**47 - 8}
            attempt_each("pointer", {k: ctypes.c_void_p(v) for k, v in places.items()}, [0, 1, 2, 16, 28, 110, 128, 129])
            attempt_each("before the border", {str(n): ctypes.c_void_p(end - n) for n in (1, 2, 15, 16, 27, 28)}, [1, 2, 15, 16, 28])
            libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(page), 0)
            attempt_each("unreadable", {"page": ctypes.c_void_p(start)}, [0, 2, 16])
            """)
        #expect(count == 810)
        #expect(found == [])
    }

    @Test func everyFamilyOnEverySocket() async throws {
        let (count, found) = try await differences(
            """
            for family in list(range(61)) + [255, 256, 65535]:
                address = struct.pack("=H", family) + bytes([0, 9]) + bytes(124)
                attempt_each("family", {str(family): address}, [2, 4, 12, 15, 16, 23, 24, 28, 110, 128])
            """)
        #expect(count == 6400)
        #expect(found == [])
    }
}

import CHoopxLinux
import Glibc
import HoopxCore

/// What one thread says to a `HelperProcess` and hears of it, from its start to its end.
final class HelperConversation {
    private let helper: HelperProcess
    private let pid: Int32
    private let deadline: ContinuousClock.Instant
    /// -1 once they are closed, which poll(2) passes over.
    private var input: Int32
    private var output: Int32
    private var errors: Int32
    private var unwritten: ArraySlice<UInt8>
    private var answer: [UInt8] = []
    private var complaint: [UInt8] = []

    /// Starts the program.
    init(with helper: HelperProcess) throws(Errno) {
        self.helper = helper
        deadline = .now + helper.timeout
        unwritten = helper.input?.withValue { Array($0.utf8)[...] } ?? []
        let (stdin, stdout, stderr) = (try Pipe(), try Pipe(), try Pipe())
        pid = try ProcessSpawner(
            program: helper.program, arguments: helper.arguments,
            environment: helper.environment.map { "\($0.key)=\($0.value)" }, directory: helper.directory,
            signals: InheritedSignals(ignoring: [], blocking: []),
            descriptors: [stdin.reading, stdout.writing, stderr.writing], leadsGroup: true
        ).spawn()
        input = stdin.keepWriting()
        output = stdout.keepReading()
        errors = stderr.keepReading()
    }

    deinit { for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) } }

    /// Reads and writes until the program has ended or must be ended. Leaves no process behind.
    func result(until stop: Int32) throws(Errno) -> Result<HelperProcess.Answer, HelperProcess.Failure> {
        var status: Int32 = 0
        let failure: HelperProcess.Failure?
        do throws(Errno) {
            failure = try converse(until: stop, process: Pidfd(pid))
        } catch {
            end(&status)
            throw error
        }
        end(&status)
        if let failure { return .failure(failure) }
        // What is left in the pipes; nobody writes there any more but a process that left the group.
        read(&output, into: &answer)
        read(&errors, into: &complaint)
        trimComplaint()
        guard answer.count <= helper.outputLimit else { return .failure(tooLong) }
        return .success(
            HelperProcess.Answer(
                status: WaitStatus(raw: status) ?? .signaled(SIGKILL),
                output: Secret(String(decoding: answer, as: UTF8.self)), complaint: printable(complaint)))
    }

    /// - Returns: nil once the program has ended by itself.
    private func converse(
        until stop: Int32, process: consuming Pidfd
    ) throws(Errno) -> HelperProcess.Failure? {
        while true {
            let remaining = deadline - .now
            guard remaining > .zero else { return .timedOut(helper.timeout, complaint: printable(complaint)) }
            var watched = [
                pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
                pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
            ]
            let milliseconds =
                remaining.components.seconds * 1000 + 1
                + remaining.components.attoseconds / 1_000_000_000_000_000
            if poll(&watched, nfds_t(watched.count), Int32(clamping: milliseconds)) < 0, errno != EINTR {
                throw .last
            }
            if watched[0].revents != 0 { return .cancelled }
            if watched[2].revents != 0 { write() }
            if watched[3].revents != 0 { read(&output, into: &answer) }
            if watched[4].revents != 0 { read(&errors, into: &complaint) }
            trimComplaint()
            if answer.count > helper.outputLimit { return tooLong }
            if watched[1].revents != 0 { return nil }
        }
    }

    private var tooLong: HelperProcess.Failure {
        .outputTooLong(helper.outputLimit, complaint: printable(complaint))
    }

    /// A program that does not want its input is no failure: its status tells.
    private func write() {
        let count = unwritten.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
        if count > 0 { unwritten = unwritten.dropFirst(count) }
        let isOver = unwritten.isEmpty || (count < 0 && errno != EAGAIN && errno != EINTR)
        guard isOver else { return }
        close(input)
        input = -1
    }

    /// Reads what is there, up to some more than a limit in one go.
    private func read(_ descriptor: inout Int32, into bytes: inout [UInt8]) {
        var part = [UInt8](repeating: 0, count: 16 << 10)
        let most = bytes.count + max(helper.outputLimit, HelperProcess.complaintLimit) + part.count
        while descriptor >= 0, bytes.count < most {
            let count = Glibc.read(descriptor, &part, part.count)
            if count > 0 {
                bytes += part[..<count]
            } else if count < 0, errno == EINTR {
                continue
            } else {
                guard count == 0 || errno != EAGAIN else { return }
                close(descriptor)
                descriptor = -1
            }
        }
    }

    private func trimComplaint() {
        if complaint.count > HelperProcess.complaintLimit {
            complaint.removeFirst(complaint.count - HelperProcess.complaintLimit)
        }
    }

    /// Kills the group while its leader is not reaped, so that its number means nobody else.
    private func end(_ status: inout Int32) {
        kill(-pid, SIGKILL)
        while waitpid(pid, &status, 0) < 0 {
            // The end of a run reaps all of hoopx's children, whoever waits for them.
            guard errno == EINTR else { return status = SIGKILL }
        }
    }

    /// One line without control and format characters, which could redraw a terminal.
    private func printable(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
            let kept = line.unicodeScalars.map { scalar -> Unicode.Scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: " "
                default: scalar
                }
            }
            return String(String.UnicodeScalarView(kept)).split(separator: " ").joined(separator: " ")
        }.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

/// Both ends are closed with it but the one that is kept, which then does not block.
private final class Pipe {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        try Errno.check(hoopx_pipe(&ends))
        (reading, writing) = (ends[0], ends[1])
    }

    deinit { for descriptor in [reading, writing] where descriptor >= 0 { close(descriptor) } }

    func keepReading() -> Int32 { keep(&reading) }

    func keepWriting() -> Int32 { keep(&writing) }

    private func keep(_ end: inout Int32) -> Int32 {
        defer { end = -1 }
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        return end
    }
}

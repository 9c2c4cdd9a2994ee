import Glibc
import HoopxLinux
import Testing

@Suite struct RegularFileTests {
    private let scratch: Scratch
    private var path: String { scratch.path + "/file" }

    init() throws {
        scratch = try Scratch()
        let file = OwnedDescriptor(open(scratch.path + "/file", O_CREAT | O_WRONLY, 0o640))
        _ = write(file.raw, "12345678", 8)
    }

    private func fault(_ path: String, followsLink: Bool = true, limit: Int = 100) -> RegularFile.Fault? {
        do throws(RegularFile.Fault) {
            _ = try RegularFile.read(path, followsLink: followsLink, atMost: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test func aFileIsReadUpToTheLimit() throws {
        #expect(try RegularFile.read(path, atMost: 8) == Array("12345678".utf8))
        #expect(fault(path, limit: 7) == .tooLong)
        // Nothing says how long it is.
        #expect(try RegularFile.read("/proc/self/stat", atMost: 4_096).isEmpty == false)
        #expect(fault("/proc/self/stat", limit: 10) == .tooLong)
    }

    @Test func whatIsNoFileIsNotRead() throws {
        #expect(fault(scratch.path) == .notRegular)
        #expect(fault("/dev/zero") == .notRegular)
        let fifo = scratch.path + "/fifo"
        try Errno.checkLast(mkfifo(fifo, 0o600))
        #expect(fault(fifo) == .notRegular)
        #expect(fault(path + "x")?.isAbsence == true && fault(path + "/x")?.isAbsence == true)
    }

    @Test func aLinkIsFollowedOnlyWhereItMay() throws {
        let link = scratch.path + "/link"
        try Errno.checkLast(symlink(path, link))
        #expect(fault(link) == nil)
        #expect(fault(link, followsLink: false) == .failed(Errno(ELOOP)))
    }

    @Test func itsStatusIsJudgedBeforeItIsRead() throws {
        var seen: mode_t?
        var refused: RegularFile.Fault?
        do throws(RegularFile.Fault) {
            _ = try RegularFile.read(path, atMost: 1) { status throws(RegularFile.Fault) in
                seen = status.mode
                try status.requireOwnerIsUser()
                try status.requireOthersAreKeptOut()
            }
        } catch {
            refused = error
        }
        #expect(seen == 0o640)
        #expect(refused?.found(limit: 1) == "other users may read or change it (mode 640)")
        #expect(refused?.hint == "chmod 600 \(path)")
    }
}

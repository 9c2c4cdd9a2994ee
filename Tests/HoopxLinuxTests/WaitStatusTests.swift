import HoopxLinux
import Testing

@Suite struct WaitStatusTests {
    @Test func anExitStatusIsKept() {
        #expect(WaitStatus(raw: 3 << 8) == .exited(3))
        #expect(WaitStatus(raw: 3 << 8)?.exitStatus == 3)
    }

    @Test func aSignalBecomes128AndItsNumber() {
        #expect(WaitStatus(raw: 9) == .signaled(9))
        #expect(WaitStatus(raw: 9)?.exitStatus == 137)
        #expect(WaitStatus(raw: 11 | 0x80) == .signaled(11), "with a core file")
    }

    @Test func aStoppedProcessHasNotEnded() {
        #expect(WaitStatus(raw: 19 << 8 | 0x7f) == nil)
    }
}

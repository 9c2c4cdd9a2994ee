import Glibc
import HoopxLinux
import Testing

@Suite struct SignalStreamTests {
    @Test func aBlockedSignalIsReadWithItsSender() throws {
        // On a thread of its own: the signal goes to that thread alone, and its mask ends with it.
        try ServiceThread(name: "signals") {
            do {
                let stream = try SignalStream([SIGUSR1])
                #expect(stream.next() == nil)
                pthread_kill(pthread_self(), SIGUSR1)
                let signal = stream.next()
                #expect(signal?.number == SIGUSR1)
                #expect(signal?.sender == getpid())
                #expect(signal?.isFromKernel == false)
                #expect(stream.next() == nil)
            } catch {
                Issue.record(error)
            }
        }.join()
    }
}

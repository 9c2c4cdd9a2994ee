import HoopxLinux
import HoopxSession
import Testing

@testable import HoopxCommands

struct DoctorPageTests {
    private static let examination = Examination(
        findings: [
            .ok("kernel", "kernel", "Linux 6.12.0"),
            .warning("user", "the user", "root", consequence: "much", remedy: "be\u{1b}[2Jware"),
            .missing("landlock", "Landlock", "it is off", remedy: nil),
        ],
        selfTest: [
            SelfTestResult(
                attempt: .tcpConnect, supervised: SelfTestObservation(error: Errno(13), isReached: false),
                control: SelfTestObservation(error: nil, isReached: true)),
            SelfTestResult(attempt: .trace, supervised: nil, control: nil),
        ])

    @Test func findingsAreAlignedAndOnlyWhatIsWrongIsExplained() {
        #expect(
            DoctorPage.lines(of: Self.examination) == [
                "ok       kernel    Linux 6.12.0",
                "warning  the user  root",
                "         consequence: much",
                "         remedy: be?[2Jware",
                "missing  Landlock  it is off",
                "         consequence: hoopx run refuses to run",
                "",
                "hoopx run does not hold here: 1 missing, 1 warning",
            ])
    }

    @Test func theLastLineIsTheVerdict() {
        let last = { (findings: [Finding]) in
            DoctorPage.lines(of: Examination(findings: findings, selfTest: [])).last
        }
        let warning = Finding.warning("a", "a", "b", consequence: "c", remedy: nil)
        #expect(last([.ok("a", "a", "b")]) == "hoopx run works here")
        #expect(last([warning]) == "hoopx run works here: 1 warning")
        #expect(last([warning, warning]) == "hoopx run works here: 2 warnings")
    }

    @Test func theJSONHasEveryKey() {
        let lines = DoctorJSON.document(Self.examination).split(separator: "\n")
        let expected = #"""
            {"can_run" : false,
            "findings" : [
            {"consequence" : null,"found" : "Linux 6.12.0","name" : "kernel",
            "remedy" : null,"state" : "ok","title" : "kernel"},
            {"consequence" : "much","found" : "root","name" : "user",
            "remedy" : "be\u001b[2Jware","state" : "warning","title" : "the user"},
            {"consequence" : "hoopx run refuses to run","found" : "it is off","name" : "landlock",
            "remedy" : null,"state" : "missing","title" : "Landlock"}],
            "self_test" : [
            {"attempt" : "tcp_connect","control" : {"error" : null,"reached" : true},
            "supervised" : {"error" : "permission denied (EACCES)","reached" : false},"verdict" : "stopped"},
            {"attempt" : "ptrace","control" : null,"supervised" : null,"verdict" : "unjudged"}],
            "version" : "0.1.0"}
            """#
        #expect(lines.map { $0.drop { $0 == " " } }.joined() == expected.split(separator: "\n").joined())
    }
}

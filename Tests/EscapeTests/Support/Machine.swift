import HoopxTestSupport
import Testing

/// What a command reached, of a machine on which everything that is reached tells (machine.py).
struct Reached: CustomStringConvertible {
    /// Without hoopx: the attempt is a real one.
    var control: [String] = []
    /// Under hoopx.
    var supervised: [String] = []
    /// Whether the command came to its end under hoopx; one that did not has attempted nothing.
    var ranSupervised = false
    /// All that was written, for a failing expectation's comment.
    let description: String

    /// Expects that the control reached exactly this, and the same command under hoopx nothing.
    func expect(_ control: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.control == control, "the control: \(self)", sourceLocation: sourceLocation)
        expectNothing(sourceLocation: sourceLocation)
    }

    /// Expects that the command ran under hoopx, and reached nothing.
    func expectNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!control.isEmpty, "the control: \(self)", sourceLocation: sourceLocation)
        #expect(ranSupervised, "\(self)", sourceLocation: sourceLocation)
        #expect(supervised == [], "\(self)", sourceLocation: sourceLocation)
    }
}

/// One attempt to reach something, made without hoopx and then under it.
struct Attempt {
    let program: String
    let words: [String]

    /// A Python program of `Programs`, such as `"direct.py raw-connect"`.
    static func python(_ line: String, _ more: [String] = []) throws -> Attempt {
        let words = line.split(separator: " ").map(String.init)
        return Attempt(program: Programs.python, words: [try Programs.source(words[0])] + words.dropFirst() + more)
    }

    /// A C program of `Programs`.
    static func c(_ line: String) throws -> Attempt {
        let words = line.split(separator: " ").map(String.init)
        return Attempt(program: try Programs.built(words[0]), words: Array(words.dropFirst()))
    }
}

extension HoopxFixture {
    /// Makes an attempt on a machine in a network namespace of its own, as root there.
    ///
    /// - Parameters:
    ///   - supervisor: what is started in hoopx's place.
    ///   - configuration: hoopx's, as YAML.
    ///   - through: what the command and hoopx are started by.
    ///   - hasNamespaces: whether user namespaces can be made, which hoopx's helper needs. They are forbidden in a user
    ///     namespace of the ordinary user's; real root would forbid them to everybody.
    func reach(
        _ attempt: Attempt, by supervisor: String = HoopxFixture.hoopx, configuration yaml: String = "version: 1",
        through: [String] = [], hasNamespaces: Bool = true, environment more: [String: String?] = [:]
    ) async throws -> Reached {
        precondition(hasNamespaces || account.uid != 0)
        let forbid = ["/bin/sh", "-c", #"echo 0 > /proc/sys/user/max_user_namespaces && exec "$@""#, "sh"]
        let run = try await start(
            program: newNetwork + (hasNamespaces ? [] : forbid)
                + [Programs.python, Programs.source("machine.py"), supervisor, configuration(yaml)]
                + [attempt.program] + attempt.words,
            environment: more.merging(["THROUGH": through.joined(separator: " ")]) { $1 }
        ).finish()
        var reached = Reached(description: "\(run)")
        let lines = run.stdout.split(separator: "\n").map(String.init)
        for line in lines where line.hasPrefix("control: ") { reached.control.append(String(line.dropFirst(9))) }
        for line in lines where line.hasPrefix("supervised: ") { reached.supervised.append(String(line.dropFirst(12))) }
        guard reached.control.contains("tried") else {
            throw TestSupportError("the control did not come to its end: \(run)")
        }
        reached.ranSupervised = reached.supervised.contains("tried")
        reached.control.removeAll { $0 == "tried" }
        reached.supervised.removeAll { $0 == "tried" }
        return reached
    }

    /// Starts a program in a network namespace: real root keeps its user, so that its target is real root too.
    var newNetwork: [String] {
        account.uid == 0
            ? ["/usr/bin/unshare", "--net", "--mount"]
            : ["/usr/bin/unshare", "--user", "--map-root-user", "--net", "--mount"]
    }
}

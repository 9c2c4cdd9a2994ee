import Foundation
import Glibc
import Testing

@testable import HoopxSandbox

/// What the kernel makes of file rules, in a tree of the test's own. Each attempt is first seen to succeed without them.
@Suite struct FileRulesetTests {
    /// Prints what each attempt, one a line, came to.
    private static let attempts = """
        import shutil
        root = sys.argv[1]; os.chdir(root + "/home")
        def read(path): return lambda: open(path).read()
        def write(path): return lambda: open(path, "a").write("x") and None
        for label, what in (
            ("read secret", read("secret/key")), ("list secret", lambda: (os.listdir("secret"), None)[1]),
            ("write secret", write("secret/key")), ("make in secret", write("secret/new")),
            ("truncate secret", lambda: os.truncate("secret/key", 0)),
            ("remove secret", lambda: os.unlink("secret/other")),
            ("link secret out", lambda: os.link("secret/key", "project/key")),
            ("move secret out", lambda: os.rename("secret/third", "project/third")),
            ("move the directory", lambda: os.rename("secret", "moved")),
            ("read through a link", lambda: (os.symlink("../secret/key", "project/link"), open("project/link").read())[1]),
            ("read through /proc", read("/proc/self/cwd/secret/key")),
            ("read start-up", read("rc")), ("write start-up", write("rc")),
            ("replace start-up", lambda: (write("project/rc")(), os.rename("project/rc", "rc"))[1]),
            ("make beside", write("beside")),
            ("write project", write("project/file")), ("make in project", write("project/deep/new")),
            ("move in project", lambda: os.rename("project/file", "project/deep/file")),
            ("read public", read("secret/public/key")), ("write public", write("secret/public/key")),
            ("list home", lambda: (os.listdir("."), None)[1])):
            print(label + ":", (attempt(what) or "ok").strip())
        """

    private static func tree() throws -> String {
        var template = Array("/var/tmp/hoopx-files-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for directory in ["home/secret/public", "home/project/deep"] {
            try FileManager.default.createDirectory(
                atPath: root + "/" + directory, withIntermediateDirectories: true)
        }
        for name in ["secret/key", "secret/other", "secret/third", "secret/public/key", "rc"] {
            try Data("content".utf8).write(to: URL(fileURLWithPath: "\(root)/home/\(name)"))
        }
        return root
    }

    private static func lines(_ output: String) -> [String: String] {
        var lines: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            lines[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return lines
    }

    @Test func aHiddenTreeIsNeitherReadNorChangedAndAllElseIs() async throws {
        let root = try Self.tree()
        defer { try? FileManager.default.removeItem(atPath: root) }
        var rules = FileRules(elsewhere: .full)
        rules.set(.hidden, for: root + "/home/secret")
        rules.set(.readOnly, for: root + "/home/secret/public")
        rules.set(.readOnly, for: root + "/home/rc")
        let command = Sandboxed.python(Self.attempts) + [root]

        let outcome = Self.lines(try await Sandboxed.run(command, FakeEgress.nothing(), fileRules: rules).output)
        for label in [
            "read secret", "write secret", "make in secret", "truncate secret", "remove secret",
            "move the directory", "read through a link", "read through /proc", "write start-up", "make beside",
            "write public",
        ] { #expect(outcome[label] == "EACCES", "\(label)") }
        for label in ["link secret out", "move secret out", "replace start-up"] {
            #expect(["EACCES", "EXDEV"].contains(outcome[label]), "\(label)")
        }
        // Listing a closed directory is allowed, and with it listing what is below: names show, contents do not.
        for label in ["write project", "make in project", "move in project", "list home", "list secret"] {
            #expect(outcome[label] == "ok", "\(label)")
        }
        #expect(outcome["read start-up"] == "content")
        #expect(outcome["read public"] == "content")

        let control = try Self.tree()
        defer { try? FileManager.default.removeItem(atPath: control) }
        let open = Self.lines(
            try await Sandboxed.run(Sandboxed.python(Self.attempts) + [control], FakeEgress.nothing()).output)
        for label in [
            "read secret", "write secret", "make in secret", "remove secret", "move secret out", "make beside",
        ] {
            #expect(open[label] != "EACCES" && open[label] != "EXDEV", "the attempt does something: \(label)")
        }
    }

    @Test func whereWritingIsRestrictedOnlyTheNamedTreesAreWritten() async throws {
        let root = try Self.tree()
        defer { try? FileManager.default.removeItem(atPath: root) }
        var rules = FileRules(elsewhere: .readOnly)
        for path in ["/dev", "/proc", root + "/home/project"] { rules.set(.full, for: path) }
        let outcome = try await Sandboxed.run(
            Sandboxed.python(Self.attempts) + [root], FakeEgress.nothing(), fileRules: rules)
        let lines = Self.lines(outcome.output)
        #expect(lines["read secret"] == "content")
        for label in ["write secret", "make in secret", "remove secret", "write start-up", "make beside"] {
            #expect(lines[label] == "EACCES", "\(label)")
        }
        for label in ["write project", "make in project", "move in project"] {
            #expect(lines[label] == "ok", "\(label)")
        }
    }

    @Test func aTreeIsFoundBelowADirectoryWithAnyLettersInItsName() async throws {
        let root = try Self.tree()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let project = root + "/home/jürgen/projekt"
        try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
        var rules = FileRules(elsewhere: .readOnly)
        for path in ["/dev", "/proc", project] { rules.set(.full, for: path) }
        let script = """
            for path in ("projekt/file", "beside"):
                print(path + ":", (attempt(lambda: open(sys.argv[1] + "/" + path, "w") and None) or "ok").strip())
            """
        let command = Sandboxed.python(script) + [root + "/home/jürgen"]
        let lines = Self.lines(try await Sandboxed.run(command, FakeEgress.nothing(), fileRules: rules).output)
        #expect(lines == ["projekt/file": "ok", "beside": "EACCES"])
    }

    @Test func onlyDirectoriesWithAHiddenTreeBelowAreClosed() throws {
        let root = try Self.tree()
        defer { try? FileManager.default.removeItem(atPath: root) }
        var rules = FileRules(elsewhere: .full)
        rules.set(.hidden, for: root + "/home/secret")
        let closed = try FileRuleset(rules).closedDirectories
        #expect(closed == ["/", "/var", "/var/tmp", root, root + "/home"])
    }

    @Test func aHiddenTreeThatIsNotThereCannotBeMade() async throws {
        let root = try Self.tree()
        defer { try? FileManager.default.removeItem(atPath: root) }
        var rules = FileRules(elsewhere: .full)
        rules.set(.hidden, for: root + "/home/project/not/there")
        let outcome = try await Sandboxed.run(
            python: """
                print(attempt(lambda: os.mkdir("\(root)/home/project/not")),
                    attempt(lambda: open("\(root)/home/project/deep/new", "w") and None))
                """, FakeEgress.nothing(), fileRules: rules)
        #expect(outcome.output == "EACCES ok")
    }
}

import Testing

@testable import HoopxSandbox

@Suite struct FileRulesTests {
    private var rules: FileRules {
        var rules = FileRules(elsewhere: .readOnly)
        rules.set(.full, for: "/home/ada/project")
        rules.set(.hidden, for: "/home/ada/.ssh")
        rules.set(.readOnly, for: "/home/ada/.ssh/public")
        return rules
    }

    @Test(arguments: [
        ("/", FileAccess.readOnly), ("/home/ada", .readOnly), ("/home/ada/project", .full),
        ("/home/ada/project/a/b", .full), ("/home/ada/projects", .readOnly), ("/home/ada/.ssh/id", .hidden),
        ("/home/ada/.ssh/public/key", .readOnly), ("/home/ada/.sshd", .readOnly),
    ]) func theDeepestTreeDecides(path: String, access: FileAccess) {
        #expect(rules.access(to: path) == access)
    }

    @Test func ofTwoWordsOnOneTreeTheStricterCounts() {
        var rules = rules
        rules.set(.hidden, for: "/home/ada/project")
        rules.set(.full, for: "/home/ada/project")
        #expect(rules.access(to: "/home/ada/project/a") == .hidden)
    }

    @Test func aTreeThatTakesSomethingAwayIsFoundBelowADirectory() {
        #expect(rules.protectedTree(below: "/home") == "/home/ada/.ssh")
        #expect(rules.protectedTree(below: "/home/ada/project") == nil)
        #expect(rules.protectedTree(below: "/home/ada/.ssh") == nil, "what is below gives more")
    }
}

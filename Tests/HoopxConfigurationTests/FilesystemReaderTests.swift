import Testing

@testable import HoopxConfiguration

@Suite struct FilesystemReaderTests {
    @Test func everyKeyIsRead() throws {
        let read = try parse(
            """
            version: 1
            filesystem:
              deny: [~/notes, /srv/data]
              allow: [~/.kube]
              write: [workspace, ./out, ~/]
              nested: allow
            """
        ).filesystem
        #expect(
            read
                == FilesystemConfiguration(
                    denied: ["/home/ada/notes", "/srv/data"], allowed: ["/home/ada/.kube"],
                    write: [.workspace, .tree("/etc/test/./out"), .tree("/home/ada/")], allowsNested: true))
    }

    @Test(arguments: ["{}", "~", "{write: ~, deny: ~}", "{nested: deny}"])
    func withoutAWordNothingIsRestrictedFurtherNorGivenUp(yaml: String) throws {
        #expect(try parse("version: 1\nfilesystem: \(yaml)\n").filesystem == FilesystemConfiguration())
    }

    @Test func anEmptyListOfWritableTreesLetsNothingBeWritten() throws {
        #expect(try parse("version: 1\nfilesystem: {write: []}\n").filesystem.write == [])
    }

    @Test(arguments: [
        ("{deny: [notes]}", "2:21: expected a path in filesystem.deny, not notes"),
        ("{write: [cwd]}", "2:22: expected a path in filesystem.write, not cwd"),
        ("{nested: yes}", "2:22: expected one of allow, deny for filesystem.nested, not yes"),
        ("{read: [/]}", "2:14: unknown key read in filesystem"),
        ("{deny: /etc}", "2:20: expected filesystem.deny, a list"),
    ]) func aMistakeIsNamedWithItsPlace(yaml: String, found: String) {
        #expect(refused("version: 1\nfilesystem: \(yaml)\n")?.found == found)
    }
}

import Testing

@testable import HoopxLinux

/// The fields of proc_pid_mountinfo(5) that count are the third to the fifth.
@Suite struct MountTableTests {
    private let table = MountTable(
        """
        21 1 8:1 / / rw - ext4 /dev/sda1 rw
        22 21 8:2 / /home rw - ext4 /dev/sda2 rw
        23 21 8:2 /ada /srv/ada rw - ext4 /dev/sda2 rw
        24 21 8:2 /ada/.ssh/keys /mnt/with\\040blank rw - ext4 /dev/sda2 rw
        25 21 0:5 / /proc rw - proc proc rw
        26 21 8:3 / /srv/other rw - ext4 /dev/sda3 rw

        """)

    @Test func aTreeIsFoundWhereverItsFileSystemIsMounted() {
        #expect(table.aliases(of: "/home/ada/.ssh") == ["/srv/ada/.ssh", "/mnt/with blank"])
        #expect(table.aliases(of: "/srv/ada/.ssh") == ["/home/ada/.ssh", "/mnt/with blank"])
        #expect(table.aliases(of: "/home/ada/.ssh/keys/one") == ["/srv/ada/.ssh/keys/one", "/mnt/with blank/one"])
    }

    @Test func whatIsMountedOnceHasNoOtherPath() {
        #expect(table.aliases(of: "/etc/passwd") == [])
        #expect(table.aliases(of: "/home/adam/.ssh") == [], "part of a name is not a directory")
        #expect(table.aliases(of: "/srv/other/x") == [])
    }

    @Test func ofTwoMountsOnOneDirectoryTheLastIsMeant() {
        let table = MountTable(
            """
            21 1 8:1 / / rw - ext4 a rw
            22 21 8:2 / /data rw - ext4 b rw
            23 22 8:3 / /data rw - ext4 c rw
            24 21 8:3 / /copy rw - ext4 c rw
            """)
        #expect(table.aliases(of: "/data/x") == ["/copy/x"])
    }

    @Test func thisProcessHasARoot() {
        #expect(MountTable.ofThisProcess().mounts.contains { $0.point == "/" })
    }
}

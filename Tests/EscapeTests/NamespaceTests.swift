import HoopxTestSupport
import Testing

/// Users and networks of the target's own making (attempts 39, 55), the machine's network itself, and what else leads to
/// another one (attempts 63, 65).
@Suite struct NamespaceTests {
    @Test(arguments: [
        ("socket-from-before", ["left TCP 192.0.2.7:81", "reached TCP 127.0.0.1 7777", "reached UNIX stream"]),
        ("back-by-a-descriptor", ["left TCP 192.0.2.7:81", "left UDP 192.0.2.7:53"]),
        ("as-root-of-its-own", ["left TCP 192.0.2.7:81", "left UDP 192.0.2.7:53"]),
    ])
    func noNamespaceLeadsOut(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("namespaces.py \(attempt)")).expect(control)
        }
    }

    /// The witness is the machine's own table of addresses and routes.
    @Test(arguments: Account.all)
    func theTargetCannotChangeTheMachinesNetwork(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let reached = try await fixture.reach(.python("namespaces.py a-route-of-its-own"))
            #expect(reached.description.contains("control said: new addresses and routes: 4"), "\(reached)")
            #expect(reached.description.contains("supervised said: new addresses and routes: 0"), "\(reached)")
        }
    }

    /// An interface that lasts and is the user's, as virtual machines have them, is a wire of the user's own. The call
    /// itself is refused.
    @Test func noInterfaceOfTheUsersIsTakenOver() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let tap = try Programs.source("tap.py")
            let reached = try await fixture.reach(.python("tap.py attach"), through: [Programs.python, tap, "make"])
            reached.expect(["left UDP 192.0.2.7:53"])
            #expect(reached.description.contains("supervised said: a file: Operation not permitted"), "\(reached)")
        }
    }

    /// An interface that has a device of its own needs no call to be taken over.
    @Test func noDeviceIsAnInterfaceOfTheUsers() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let tap = try Programs.source("tap.py")
            let reached = try await fixture.reach(
                .python("tap.py write-frame"), through: [Programs.python, tap, "make-macvtap"])
            reached.expect(["left frame 88b5"])
        }
    }

    /// Its user owns the namespaces of hoopx's helper, and so could enter them. Where the kernel knows no handles of
    /// namespaces, the call is refused all the same.
    @Test func noNamespaceIsOpenedByAHandle() async throws {
        try await HoopxFixture.run { fixture in
            let reached = try await fixture.reach(.python("namespaces.py by-a-handle"))
            #expect(reached.description.contains("supervised said: Operation not permitted"), "\(reached)")
        }
    }

    /// 63. No such file system need be here: the call itself is refused.
    @Test(arguments: Account.all) func noFileSystemIsToldWhereItIsFrom(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let reached = try await fixture.reach(.python("namespaces.py a-file-systems-source"))
            #expect(reached.description.contains("control said: opened"), "\(reached)")
            #expect(reached.description.contains("supervised said: Function not implemented"), "\(reached)")
            #expect(reached.description.contains("supervised said: refused"), "\(reached)")
        }
    }

    /// 65: adapters, printers, modems, serial lines, keys.
    @Test(arguments: Account.all) func noDeviceIsAWire(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let devices = try Programs.source("devices.py")
            let reached = try await fixture.reach(
                .python("devices.py write"), through: [Programs.python, devices, "make"])
            let said = reached.description.split(separator: "\n")
            #expect(said.count { $0.hasPrefix("control said: left by ") } == 7, "\(reached)")
            #expect(said.count { $0.hasPrefix("supervised said: left by ") } == 0, "\(reached)")
            #expect(reached.ranSupervised && reached.supervised == [])
        }
    }
}

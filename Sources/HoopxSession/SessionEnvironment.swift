import HoopxCore

/// The environment that the target gets: hoopx's own, less what is secret or would lead past the proxy, plus what
/// leads to it.
struct SessionEnvironment {
    /// A connection as the environment shows it.
    struct Connection {
        /// Variables that hold its real credential in hoopx's own environment.
        let secretVariables: [String]
        /// The variables that clients read the credential from; they get the placeholder.
        let placeholderVariables: [String]
        /// What its clients need to be told beside, unless the user has said otherwise.
        let settings: [String: String]
        /// The variable that clients read the base URL from; it would lead past the connection's hosts.
        let baseURLVariable: String?
        /// hoopx's loopback port for the connection, where it is entered by its base URL.
        let baseURLPort: UInt16?
    }

    let sessionID: SessionID
    let placeholder: Placeholder
    /// What holds ID tokens, or gets some.
    let identityVariables: [String]
    let connections: [Connection]
    let bundlePath: String
    let javaTrustStorePath: String

    /// Every variable by which a client of TLS can be told one file of roots. The file holds the system's roots too,
    /// because most of them replace the client's own store.
    static let bundleVariables = [
        "SSL_CERT_FILE", "NIX_SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "UV_SSL_CERT_FILE",
        "GIT_SSL_CAINFO", "CARGO_HTTP_CAINFO", "AWS_CA_BUNDLE", "DENO_CERT", "NPM_CONFIG_CAFILE",
        "YARN_HTTPS_CA_FILE_PATH", "BUNDLE_SSL_CA_CERT", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "HEX_CACERTS_PATH", "COMPOSER_CAFILE", "PERL_LWP_SSL_CA_FILE",
        "HTTPLIB2_CA_CERTS", "JULIA_SSL_CA_ROOTS_PATH", "CODEX_CA_CERTIFICATE", "NODE_EXTRA_CA_CERTS",
    ]

    /// hoopx goes through the company's proxy itself; the target has no way to it. SSL_CERT_DIR would put other roots
    /// beside the bundle.
    static let removedVariables = [
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "SSL_CERT_DIR",
    ]

    func variables(from own: [String: String]) -> [String: String] {
        var variables = own
        for name in Self.removedVariables + identityVariables { variables[name] = nil }
        for connection in connections {
            for name in connection.secretVariables { variables[name] = nil }
            if let name = connection.baseURLVariable { variables[name] = nil }
        }
        for name in Self.bundleVariables { variables[name] = bundlePath }
        variables["JAVA_TOOL_OPTIONS"] = javaOptions(after: own["JAVA_TOOL_OPTIONS"])
        for connection in connections {
            variables.merge(connection.settings) { own, _ in own }
            for name in connection.placeholderVariables {
                variables[name] = placeholder.secret.withValue { $0 }
            }
            if let name = connection.baseURLVariable, let port = connection.baseURLPort {
                variables[name] = "http://127.0.0.1:\(port)"
            }
        }
        variables["HOOPX_SESSION"] = sessionID.description
        return variables
    }

    private func javaOptions(after existing: String?) -> String {
        let mine = [
            "-Djavax.net.ssl.trustStore=\(javaTrustStorePath)", "-Djavax.net.ssl.trustStoreType=JKS",
            "-Djavax.net.ssl.trustStorePassword=\(JavaTrustStore.password)",
        ]
        return ((existing.map { [$0] } ?? []) + mine).joined(separator: " ")
    }
}

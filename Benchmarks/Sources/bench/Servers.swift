import Glibc

/// A server on a loopback port.
struct Server {
    let port: UInt16
    private let child: Child

    private init(port: UInt16, child: Child) {
        self.port = port
        self.child = child
    }

    func stop() { child.stop() }

    /// This package's own server of event streams and large bodies.
    static func upstream(_ setting: Setting) throws -> Server {
        let ends = try closedOnExecPipe()
        defer { close(ends[0]) }
        let child: Child
        do {
            defer { close(ends[1]) }
            child = try Child([setting.program("upstream")], environment: setting.environment, output: ends[1])
        }
        var buffer = [UInt8](repeating: 0, count: 16)
        let got = read(ends[0], &buffer, buffer.count)
        guard got > 1, let port = UInt16(String(decoding: buffer[0..<(got - 1)], as: UTF8.self)) else {
            throw BenchmarkError("the upstream server did not start")
        }
        return Server(port: port, child: child)
    }

    /// nginx as the server of a 1 KiB JSON answer; over TLS where a certificate is given.
    static func nginxAnswering(_ setting: Setting, tls: Bool = false) throws -> Server {
        let answer = #"{"type":"message","text":"\#(String(repeating: "x", count: 991))"}"#
        return try nginx(setting, tls: tls) { port in
            """
            server {
                listen 127.0.0.1:\(port)\(tls ? " ssl" : "");
                location / { default_type application/json; return 200 '\(answer)'; }
            }
            """
        }
    }

    /// nginx as the server of a directory's files, and of its repositories below `/git`.
    static func nginxServing(_ setting: Setting, root: String, git: GitBackend) throws -> Server {
        try nginx(setting, tls: false) { port in
            """
            server {
                listen 127.0.0.1:\(port);
                root \(root);
                location ~ ^/git(/.*)$ {
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
                    fastcgi_param GIT_PROJECT_ROOT \(root);
                    fastcgi_param GIT_HTTP_EXPORT_ALL "";
                    fastcgi_param PATH_INFO $1;
                    fastcgi_pass unix:\(git.socket);
                }
            }
            """
        }
    }

    /// Git's own HTTP server program, as nginx calls it.
    static func gitServing(_ setting: Setting) throws -> GitBackend {
        let socket = setting.path("git.sock")
        let child = try Child(
            ["/usr/sbin/fcgiwrap", "-s", "unix:" + socket], environment: setting.environment)
        for _ in 0..<2_000 {
            if access(socket, R_OK | W_OK) == 0 { return GitBackend(socket: socket, child: child) }
            usleep(10_000)
        }
        child.stop()
        throw BenchmarkError("fcgiwrap did not begin to listen")
    }

    struct GitBackend {
        let socket: String
        fileprivate let child: Child

        func stop() { child.stop() }
    }

    /// nginx as what passes a loopback port's bytes on, and looks at nothing.
    static func nginxPassingOn(_ setting: Setting, to upstream: UInt16) throws -> Server {
        try nginx(setting, tls: false, isStream: true) { port in
            "server { listen 127.0.0.1:\(port); proxy_pass 127.0.0.1:\(upstream); tcp_nodelay on; }"
        }
    }

    /// nginx as a reverse proxy in front of a loopback port, which neither buffers nor limits.
    static func nginxForwarding(
        _ setting: Setting, to upstream: UInt16, tls: Bool = false
    ) throws -> Server {
        try nginx(setting, tls: tls) { port in
            """
            upstream up { server 127.0.0.1:\(upstream); keepalive 256; }
            server {
                listen 127.0.0.1:\(port)\(tls ? " ssl" : "");
                client_max_body_size 0;
                location / {
                    proxy_pass http://up;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header x-api-key "real";
                    proxy_buffering off;
                    proxy_request_buffering off;
                }
            }
            """
        }
    }

    static func mitmproxyForwarding(_ setting: Setting, to upstream: UInt16) throws -> Server? {
        guard let mitmdump = setting.mitmdump else { return nil }
        let port = try freePort()
        let child = try Child(
            [
                mitmdump, "--quiet", "--mode", "reverse:http://127.0.0.1:\(upstream)", "--listen-host", "127.0.0.1",
                "--listen-port", "\(port)", "--set", "confdir=\(setting.path("mitmproxy"))",
                "--set", "stream_large_bodies=1m",
            ], environment: setting.environment)
        return try Server(port: port, child: child).ready()
    }

    private static func nginx(
        _ setting: Setting, tls: Bool, isStream: Bool = false, server: (UInt16) -> String
    ) throws -> Server {
        let port = try freePort()
        let directory = setting.path("nginx-\(port)")
        mkdir(directory, 0o700)
        // An ordinary user may not write where Debian's nginx writes by default.
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(directory)/\($0);" }.joined(separator: " ")
        let certificate =
            tls ? "ssl_certificate \(setting.path("tls.crt")); ssl_certificate_key \(setting.path("tls.key"));" : ""
        let http = "access_log off; keepalive_requests 1000000000; keepalive_timeout 3600; \(temporary) \(certificate)"
        try setting.write(
            """
            \(isStream ? "load_module /usr/lib/nginx/modules/ngx_stream_module.so;" : "")
            daemon off; master_process off; pid \(directory)/pid; error_log stderr error;
            events { worker_connections 4096; }
            \(isStream ? "stream" : "http") {
                \(isStream ? "" : http)
                \(server(port))
            }

            """, to: directory + "/nginx.conf")
        let child = try Child(
            ["/usr/sbin/nginx", "-e", "stderr", "-p", directory, "-c", directory + "/nginx.conf"],
            environment: setting.environment)
        return try Server(port: port, child: child).ready()
    }

    /// Waits until the port takes connections; 20 seconds suffice for mitmproxy on a slow machine.
    private func ready() throws -> Server {
        for _ in 0..<2_000 {
            let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(fd) }
            if Self.withLoopback(port, { connect(fd, $0, $1) }) == 0 { return self }
            usleep(10_000)
        }
        stop()
        throw BenchmarkError("a server did not begin to listen on port \(port)")
    }

    private static func freePort() throws -> UInt16 {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(fd) }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withLoopback(0) { bind(fd, $0, $1) } == 0
        let isNamed = withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(fd, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard isBound, isNamed == 0 else { throw BenchmarkError("no free port") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func withLoopback(
        _ port: UInt16, _ call: (UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            call(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}

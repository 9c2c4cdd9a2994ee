import CHoopxLinux

/// How the C library looks the names of hosts up (nsswitch.conf(5)).
public enum HostLookup {
    /// From now on this process looks names up as the machine is configured now, whatever becomes of the file, and takes no
    /// address from a cache daemon (nscd(8)), whose place a program of the same user could take.
    public static func keepAsConfigured() {
        let services = Self.services(in: TextFile.read("/etc/nsswitch.conf") ?? "")
        // One that cannot be read changes nothing.
        _ = hoopx_configure_host_lookup(services)
    }

    /// The services of the last line `hosts:`, which is the one that counts; the library's own default where there is none.
    static func services(in configuration: String) -> String {
        for line in configuration.split(separator: "\n").reversed() {
            let text = line.prefix { $0 != "#" }
            let name = text.prefix { $0 != ":" }
            guard name.count < text.count, name.filter({ !$0.isWhitespace }) == "hosts" else { continue }
            return String(text.dropFirst(name.count + 1).drop(while: \.isWhitespace))
        }
        return "dns [!UNAVAIL=return] files"
    }
}

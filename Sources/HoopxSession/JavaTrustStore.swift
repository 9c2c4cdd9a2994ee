import Crypto

/// A Java key store ("JKS", version 2) that holds trusted certificates only.
///
/// The JVM reads no PEM bundle, so it is given the same roots in the oldest format that every JDK still reads. The
/// layout is the one of `sun.security.provider.JavaKeyStore`: big-endian, strings with a 16-bit length, and a keyed
/// SHA-1 at the end which guards against damage, not against people: the password is public by convention.
enum JavaTrustStore {
    /// The password that Java's own trust stores carry.
    static let password = "changeit"

    /// - Parameter certificates: DER certificates.
    static func encode(_ certificates: [[UInt8]]) -> [UInt8] {
        var store: [UInt8] = []
        store.reserveCapacity(certificates.reduce(64) { $0 + $1.count + 40 })
        append(0xfeed_feed as UInt32, to: &store)
        append(2 as UInt32, to: &store)
        append(UInt32(certificates.count), to: &store)
        for (index, certificate) in certificates.enumerated() {
            append(2 as UInt32, to: &store)  // a trusted certificate
            append(string: "root-\(index)", to: &store)
            append(0 as UInt64, to: &store)  // creation date: of no use here, so runs do not differ by it
            append(string: "X.509", to: &store)
            append(UInt32(certificate.count), to: &store)
            store += certificate
        }
        var digest = Insecure.SHA1()
        digest.update(data: password.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })
        digest.update(data: Array("Mighty Aphrodite".utf8))
        digest.update(data: store)
        return store + Array(digest.finalize())
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }

    private static func append(string: String, to bytes: inout [UInt8]) {
        append(UInt16(string.utf8.count), to: &bytes)
        bytes += string.utf8
    }
}

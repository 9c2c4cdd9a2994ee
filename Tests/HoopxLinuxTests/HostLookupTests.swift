import Testing

@testable import HoopxLinux

@Suite struct HostLookupTests {
    @Test(arguments: [
        (
            "passwd: files\nhosts:\t files mdns4_minimal [NOTFOUND=return] dns # comment\n",
            "files mdns4_minimal [NOTFOUND=return] dns "
        ),
        ("# hosts: db\n hosts : dns", "dns"), ("hosts", "dns [!UNAVAIL=return] files"),
        ("hosts: dns\nhosts: files\nnetworks: dns\n", "files"), ("", "dns [!UNAVAIL=return] files"),
    ])
    func theServicesAreThoseOfTheConfiguration(configuration: String, services: String) {
        #expect(HostLookup.services(in: configuration) == services)
    }
}

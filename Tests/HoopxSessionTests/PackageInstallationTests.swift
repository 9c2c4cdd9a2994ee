import HoopxSandbox
import Testing

@testable import HoopxSession

@Suite struct PackageInstallationTests {
    @Test(arguments: [
        ["/usr/bin/dpkg", "--status-fd", "10", "--no-triggers", "--unpack", "/var/cache/apt/archives/htop.deb"],
        ["/usr/bin/dpkg", "-i", "a.deb"], ["/usr/bin/rpm", "-Uvh", "a.rpm"], ["/usr/bin/rpm", "--erase", "a"],
    ])
    func whatUnpacksIsExplainedWhateverTheCommandsStatusIs(words: [String]) {
        let installation = seen(words)
        #expect(installation.wasInVain(failed: false) && installation.wasInVain(failed: true))
    }

    @Test(arguments: [
        ["/usr/bin/apt-get", "-y", "install", "htop"], ["/usr/bin/apt", "upgrade"], ["/sbin/apk", "add", "htop"],
        ["/usr/bin/dnf", "install", "htop"], ["/usr/bin/pacman", "-Syu"],
    ])
    func aManagerThatMayHaveHadNothingToDoIsExplainedWhereTheCommandFailed(words: [String]) {
        let installation = seen(words)
        #expect(!installation.wasInVain(failed: false) && installation.wasInVain(failed: true))
    }

    @Test(arguments: [
        ["/usr/bin/dpkg", "-l"], ["/usr/bin/dpkg", "--print-foreign-architectures"],
        ["/usr/bin/dpkg", "--root=/srv/image", "-i", "a.deb"], ["/usr/bin/dpkg", "--simulate", "-i", "a.deb"],
        ["/usr/bin/rpm", "-qi", "bash"], ["/usr/bin/rpm", "--root", "/srv", "-i", "a.rpm"],
        ["/usr/bin/apt-get", "update"],
        ["/usr/bin/apt-cache", "policy", "install"], ["/home/user/install", "install"],
        ["/usr/bin/pip", "install", "six"],
    ])
    func whatInstallsNothingIntoTheSystemIsNot(words: [String]) {
        #expect(!seen(words).wasInVain(failed: true))
    }

    private func seen(_ words: [String]) -> PackageInstallation {
        let installation = PackageInstallation()
        installation.observe(
            ObservedExecution(
                pid: 2, parentPID: 1, path: Array(words[0].utf8), arguments: words.map { Array($0.utf8) },
                isTruncated: false))
        return installation
    }
}

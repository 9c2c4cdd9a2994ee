import HoopxLinux
import Testing

@Suite struct SurroundingsTests {
    private func recognized(
        release: String = "6.12.0", version: String = "#1 SMP", container: String? = nil, files: Set<String> = []
    ) -> Surroundings {
        .recognized(release: release, version: version, containerName: container) { files.contains($0) }
    }

    @Test func containersAreKnownByTheFilesOfTheirManagers() {
        #expect(recognized() == .machine)
        #expect(recognized(files: ["/.dockerenv"]) == .container("Docker"))
        #expect(recognized(files: ["/run/.containerenv"]) == .container("Podman"))
        #expect(recognized(container: "systemd-nspawn\n") == .container("systemd-nspawn"))
        #expect(recognized(container: "\n") == .machine)
    }

    @Test func otherKernelsAreKnownByTheirVersions() {
        let release = "5.15.167.4-microsoft-standard-WSL2"
        #expect(recognized(release: release) == .wsl2(isMirrored: false))
        #expect(recognized(release: release, files: ["/sys/class/net/loopback0"]) == .wsl2(isMirrored: true))
        let docker: Set = ["/.dockerenv", "/sys/class/net/loopback0"]
        #expect(recognized(release: release, files: docker) == .container("Docker"))
        let version = "#1 SMP Sun Jan 10 15:06:54 PST 2016"
        #expect(recognized(release: "4.4.0", version: version, files: ["/.dockerenv"]) == .gVisor)
    }
}

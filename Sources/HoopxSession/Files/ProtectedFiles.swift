/// What every run keeps from its target by default. Paths are relative to a home directory where they do not begin with
/// a slash.
enum ProtectedFiles {
    /// Credentials, and where programs keep them.
    static let credentials = [
        ".ssh", ".gnupg", ".aws", ".azure", ".config/gcloud", ".kube", ".docker/config.json", ".netrc",
        ".git-credentials", ".config/git/credentials", ".config/gh", ".pgpass", ".vault-token",
        ".terraform.d/credentials.tfrc.json", ".password-store", ".local/share/keyrings", ".config/op",
        // Browser profiles: cookies and passwords.
        ".mozilla", ".thunderbird", ".config/google-chrome", ".config/chromium", ".config/BraveSoftware",
        ".config/microsoft-edge", ".config/vivaldi", "snap/firefox/common/.mozilla", "snap/chromium/common/chromium",
        ".var/app/org.mozilla.firefox", ".var/app/com.google.Chrome", ".var/app/org.chromium.Chromium",
    ]

    /// What the user's shell, desktop or tools run after the session: a way out of it in time.
    static let startUpFiles = [
        ".profile", ".bash_profile", ".bash_login", ".bash_logout", ".bashrc", ".bash_aliases", ".zshenv", ".zprofile",
        ".zshrc", ".zlogin", ".zlogout", ".config/fish", ".pam_environment", ".xprofile", ".xsessionrc", ".xinitrc",
        ".config/environment.d", ".config/systemd", ".config/autostart", ".gitconfig", ".config/git",
        ".local/share/systemd", ".vimrc", ".config/nvim", ".tmux.conf",
        // What programs read that print credentials for hoopx.
        ".curlrc", ".config/curlrc", ".wgetrc",
    ]

    /// Devices that reach around the file system, into the user's desktop, or out of the machine past its network; and
    /// /dev/userfaultfd, which is the call that the filter refuses.
    static let devices = [
        "/dev/mem", "/dev/kmem", "/dev/port", "/dev/uinput", "/dev/uhid", "/dev/input", "/dev/usb", "/dev/bus/usb",
        "/dev/bsg", "/dev/vhost-net", "/dev/vhost-vsock", "/dev/infiniband", "/dev/vfio", "/dev/userfaultfd",
    ]

    /// Those of which there may be several: the wires of virtual machines (macvtap), disks by their commands, what stands for
    /// serial lines in a virtual machine, printers, modems, keyboards and security keys, a bus that is listened to, devices
    /// of which a driver is a program, the machine's management controllers.
    static let numberedDevices = [
        "tap", "vhost-vdpa-", "sg", "nvme", "ng", "mtd", "hvc", "vport", "ipmi", "mei", "lp", "parport", "hidraw",
        "usbmon", "cdc-wdm", "wwan", "rfcomm", "uio",
    ]

    /// Whether a name in /dev is one of those, or that of a serial line: `ttyS0`, `ttyUSB0`, `ttymxc0`, where `tty0` is a
    /// console.
    static func isNumberedDevice(_ name: String) -> Bool {
        if name.hasPrefix("tty") { return name.dropFirst(3).first?.isLetter == true }
        return numberedDevices.contains { kind in
            name.hasPrefix(kind) && name.dropFirst(kind.count).first?.isWholeNumber == true
        }
    }

    /// The kernel's settings, some of which name programs that it runs outside (core_pattern, uevent_helper). Only root
    /// may write them, and a target that is root must not.
    static let kernelSettings = ["/proc", "/sys"]

    /// What of that another user may have been given: groups of processes (cgroups(7)), each of which can be stopped or
    /// ended at one word, with hoopx in it.
    static let delegatedSettings = ["/sys"]

    /// What hoopx itself, and whatever else runs as root, is made of and believes: libraries, the table of hosts, which
    /// modules look names up, certificates, tasks for later. Only root may write it, and a target that is root would
    /// say with it where hoopx's own connections go.
    static let system = [
        "/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr", "/var/spool/cron",
        "/run/systemd", "/run/udev",
    ]

    /// Parts of that which are for programs and projects of the machine's own, in containers mostly the target's.
    static let locallyInstalled = ["/usr/local", "/usr/src"]

    /// What programs consist of that hoopx runs to get credentials, where root's are kept beside those.
    static let furtherPrograms = ["/opt", "/nix", "/gnu", "/snap"]
}

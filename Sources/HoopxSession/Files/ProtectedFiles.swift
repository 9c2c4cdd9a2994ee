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

    /// Devices that reach around the file system, or into the user's desktop.
    static let devices = ["/dev/mem", "/dev/kmem", "/dev/port", "/dev/uinput", "/dev/uhid", "/dev/input"]

    /// The kernel's settings, some of which name programs that it runs outside (core_pattern, uevent_helper). Only root
    /// may write them, and a target that is root must not.
    static let kernelSettings = ["/proc", "/sys"]
}

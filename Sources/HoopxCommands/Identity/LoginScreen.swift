import HoopxCore
import HoopxIdentity
import HoopxSession

/// Shows a person on standard error how to confirm a login.
struct LoginScreen: LoginPresenter {
    var withQRCode = true
    var opensBrowser = false

    func present(_ authorization: DeviceAuthorization, issuer: String) {
        let complete = authorization.verificationURIComplete
        Console.say("to log in to \(issuer), open this address in a browser, on any machine:")
        Console.say("    \(authorization.verificationURI)")
        Console.say("and enter the code:")
        Console.say("    \(authorization.userCode)")
        if let complete, complete != authorization.verificationURI {
            Console.say("or open this one, and check that it shows the same code:")
            Console.say("    \(complete)")
        }
        if withQRCode { drawQRCode(of: complete ?? authorization.verificationURI) }
        if opensBrowser { Browser.open(complete ?? authorization.verificationURI) }
        let minutes = authorization.lifetime.components.seconds / 60
        let time = minutes < 2 ? "\(authorization.lifetime.components.seconds) seconds" : "\(minutes) minutes"
        Console.say("waiting for your confirmation, for \(time) at most")
    }

    /// Draws where there is a terminal with room for it that shows its characters.
    private func drawQRCode(of uri: String) {
        let environment = OwnEnvironment.variables
        guard let screen = Console.errorScreen, TextEncoding.isUTF8(environment),
            environment["TERM"] != "dumb", let lines = QRCode(uri)?.lines
        else { return }
        // A line is left for what is said below it.
        guard lines.width <= screen.columns, lines.text.count < screen.rows else { return }
        Console.draw(lines.text)
    }
}

/// What a terminal takes the bytes that it gets for.
enum TextEncoding {
    /// By the variables that setlocale(3) reads, the first that is not empty.
    static func isUTF8(_ environment: [String: String]) -> Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
        guard let name = names.first(where: { !$0.isEmpty })?.lowercased() else { return false }
        return name.hasSuffix("utf-8") || name.hasSuffix("utf8")
    }
}

import NIOHTTP1

/// Where a person enters the user code (RFC 8628, 3.3): a form, whose POST decides the login.
enum DevicePage {
    static func answer(_ request: ReceivedRequest, _ state: inout ProviderState) -> [ResponseStep] {
        guard request.method == .POST else { return form(code: request.query["user_code"] ?? "") }
        let form = request.form
        guard let code = form["user_code"], let index = state.pendingGrant(code) else {
            return page("This code is not known, or no longer good.", status: .badRequest)
        }
        switch form["action"] {
        case "deny":
            state.grants[index].decision = .denied
            return page("The login is denied.")
        case "approve":
            guard let name = form["user"], let user = state.users[name], user.isActive else {
                return page("This user cannot log in.", status: .forbidden)
            }
            state.grants[index].decision = .approved(subject: name)
            return page("You are logged in as \(name). Go back to your terminal.")
        default: return page("Approve or deny?", status: .badRequest)
        }
    }

    private static func form(code: String) -> [ResponseStep] {
        let code = code.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return page(
            """
            <form method="post">
            <label>Code <input name="user_code" value="\(code)"></label>
            <label>User <input name="user"></label>
            <button name="action" value="approve">Approve</button>
            <button name="action" value="deny">Deny</button>
            </form>
            """)
    }

    private static func page(_ content: String, status: HTTPResponseStatus = .ok) -> [ResponseStep] {
        .answer("<!doctype html><title>Log in</title>\n<p>\(content)\n", status: status, type: "text/html")
    }
}

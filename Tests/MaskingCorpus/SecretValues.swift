import HoopxMasking

/// Secrets of every issuer, made up from its format; prefix and rest stand apart, so that no scanner of repositories takes
/// this file for a leak.
extension PlantedValue {
    static let tokens = [
        token(.awsAccessKey, ["AKIA", "ASIA"]) { $0.text(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") },
        token(.googleAPIKey, ["AIza"]) { "Sy" + $0.alphanumeric(33) },
        token(.googleOAuth, ["GOCSPX-"]) { $0.alphanumeric(28) },
        token(.githubToken, ["ghp_", "gho_", "ghs_"]) { $0.alphanumeric(36) },
        token(.githubToken, ["github_pat_"]) { $0.alphanumeric(22) + "_" + $0.alphanumeric(59) },
        token(.gitlabToken, ["glpat-", "gldt-"]) { $0.alphanumeric(20) },
        token(.slackToken, ["xoxb-", "xoxp-"]) { $0.digits(12) + "-" + $0.digits(13) + "-" + $0.alphanumeric(24) },
        token(.slackWebhook, ["hooks.slack.com/" + "services/"]) {
            "T" + $0.text(10, of: "ABCDEFGH0123456789") + "/B" + $0.text(10, of: "ABCDEFGH0123456789") + "/"
                + $0.alphanumeric(24)
        },
        token(.stripeKey, ["sk_live" + "_", "rk_test" + "_"]) { $0.alphanumeric(24) },
        token(.openAIKey, ["sk-proj-"]) { $0.alphanumeric(74) + "_" + $0.alphanumeric(40) },
        token(.openAIKey, ["sk-"]) { $0.alphanumeric(20) + "T3BlbkFJ" + $0.alphanumeric(20) },
        token(.anthropicKey, ["sk-ant-"]) { "api03-" + $0.alphanumeric(60) + "-" + $0.alphanumeric(30) + "AA" },
        token(.npmToken, ["npm_"]) { $0.alphanumeric(36) },
        token(.pypiToken, ["pypi-"]) { "AgEIcHlwaS5vcmc" + $0.alphanumeric(120) },
        token(.huggingFaceToken, ["hf_"]) { $0.alphanumeric(34) },
        token(.sendGridKey, ["SG."]) { $0.alphanumeric(22) + "." + $0.alphanumeric(43) },
        token(.twilioKey, ["SK"]) { $0.hex(32) },
        token(.jwt, ["eyJ"]) { random in
            "hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI" + random.alphanumeric(random.number(40...900)) + "."
                + random.alphanumeric(43)
        },
    ]

    private static func token(
        _ entity: EntityType, _ prefixes: [String], body: @escaping @Sendable (inout SeededRandom) -> String
    ) -> PlantedValue {
        PlantedValue(
            entity: entity, phrases: ["key", "access for the service", "Zugang"], keys: ["value", "reference"],
            valid: { random in
                let prefix = random.pick(prefixes)
                return Valid(prefix + body(&random))
            },
            nearMiss: { random in
                let prefix = random.pick(prefixes)
                return random.pick([
                    prefix + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", prefix, prefix + "...",
                    "zz" + prefix + random.hex(7), prefix + "<" + random.hex(6) + ">",
                ])
            })
    }

    static let assigned = [
        assigned(.awsSecretKey, ["aws_secret_access_key", "SecretAccessKey"], "AWS secret access key") { random in
            "aA" + random.base64(38)
        },
        assigned(.genericSecret, ["api_key", "client_secret", "auth_token"], "API key") {
            $0.alphanumeric($0.number(16...64))
        },
        assigned(.genericSecret, ["password", "db_password"], "password") { random in
            random.pick(["Winter", "hunter", "S3cret", "Blue"]) + random.pick(["!", "-", "_", "#"])
                + random.alphanumeric(4) + random.digits(2)
        },
        PlantedValue(
            entity: .connectionString, phrases: [], keys: ["database_url", "dsn"],
            valid: { random in Valid("pw" + random.alphanumeric(random.number(6...20))) },
            nearMiss: { random in random.pick(["${DB_PASSWORD}", "$PASSWORD", "%PW%"]) }),
        PlantedValue(
            entity: .authorization, phrases: [], keys: ["Authorization"],
            valid: { random in Valid("A1b" + random.alphanumeric(random.number(20...700))) },
            nearMiss: { random in random.pick(["$TOKEN", "<token>", "${API_TOKEN}", "xxxxxxxxxxxxxxxxxxxx"]) }),
        PlantedValue(
            entity: .azureKey, phrases: [], keys: ["AccountKey"],
            valid: { random in Valid(random.base64(86) + "==") },
            nearMiss: { random in random.pick(["<key>", "xxxx", "$KEY", random.hex(12)]) }),
        PlantedValue(
            entity: .privateKey, phrases: [], keys: ["private_key"],
            valid: { random in
                Valid((0..<random.number(8...26)).map { _ in "M" + random.base64(63) }.joined(separator: "\n") + "\n")
            },
            nearMiss: { random in random.pick(["", "(see the vault)", "..."]) }),
    ]

    private static func assigned(
        _ entity: EntityType, _ keys: [String], _ phrase: String,
        body: @escaping @Sendable (inout SeededRandom) -> String
    ) -> PlantedValue {
        PlantedValue(
            entity: entity, phrases: [phrase], keys: keys, valid: { Valid(body(&$0)) },
            nearMiss: { random in
                random.pick([
                    "${SERVICE_VALUE}", "os.environ", "null", "changeme", "********", "config.get_value", "<value>",
                    "$VALUE", "string", "settings.VALUE",
                ])
            })
    }
}

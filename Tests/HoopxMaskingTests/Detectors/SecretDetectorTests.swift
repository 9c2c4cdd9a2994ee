import Testing

/// Secrets: where they are found in text, and what only looks like them.
///
/// Prefix and rest of a token stand apart, so that no scanner of repositories takes a test for a leak.
@Suite struct SecretDetectorTests {
    @Test(arguments: [
        ("AKIA", "IOSFODNN7EXAMPLE", "AWS_ACCESS_KEY"), ("ASIA", "Y34FZKBOKMUTVV7A", "AWS_ACCESS_KEY"),
        ("AIza", "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "GOOGLE_API_KEY"),
        ("GOCSPX-", "1mVwFTjGIXgs2BC2uHzksQi0HAK7", "GOOGLE_OAUTH"),
        ("1//0", "gK9xPq3v5tYzCgYIARAAGBASNwF-L9IrKm4vNcXwZyB2dHfJ8", "GOOGLE_OAUTH"),
        ("ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", "GITHUB_TOKEN"),
        ("gho_", "16C7e42F292c6912E7710c838347Ae178B4a", "GITHUB_TOKEN"),
        (
            "github_pat_", "11ABCDEFG0a1b2c3d4e5f6_Q7w8E9r0T1y2U3i4O5p6A7s8D9f0G1h2J3k4L5z6X7c8V9b0N1m2q3w",
            "GITHUB_TOKEN"
        ),
        ("glpat-", "k5Ja8zPqRx7LmW2v_TnC", "GITLAB_TOKEN"), ("glrt-", "t1_k5Ja8zPqRx7LmW2vTnCQ", "GITLAB_TOKEN"),
        ("xoxb-", "263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1", "SLACK_TOKEN"),
        ("xapp-1-", "A0137B6XYZ1-1234567890123-0f2e9c1d8b7a6f5e4d3c2b1a", "SLACK_TOKEN"),
        ("hooks.slack.com/services/", "T01ABCDEFGH/B02ABCDEFGH/q9Lk2mN5pR8sT1vX4zB7cD0f", "SLACK_WEBHOOK"),
        ("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc", "STRIPE_KEY"),
        ("rk_test_", "51H8kQ2eZvKYlo2C9pXm3nR7tW", "STRIPE_KEY"),
        ("whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "STRIPE_KEY"),
        ("sk-proj-", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bD0fH3jL6nP9rT2vX5z", "OPENAI_API_KEY"),
        ("sk-", "aB3dE6gH9jK2mN5pQ8sTT3BlbkFJvW4yZ7bD0fH3jL6nP9rT", "OPENAI_API_KEY"),
        ("sk-ant-", "api03-Zx9Cv8Bn7Mq6Lw5Ke4Jr3Ht2Gy1Fu0-Di9Sp8Ao7_AA", "ANTHROPIC_API_KEY"),
        ("npm_", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bD0fH3jL6", "NPM_TOKEN"),
        ("pypi-", "AgEIcHlwaS5vcmcCJDU3ZDkyYWVhLWY2ZTUtNDIzMy1hN2E5LTlkM2E1YmVmNzE4MwACKlszLCJhMjQ4", "PYPI_TOKEN"),
        ("hf_", "aBdEgHjKmNpQsTvWyZbDfHjLnPrTvXzBdF", "HUGGING_FACE_TOKEN"),
        ("SG.", "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr", "SENDGRID_API_KEY"),
        ("SK", "0123456789abcdef0fedcba987654321", "TWILIO_KEY"),
        ("dop_v1_", String(repeating: "0a1b2c3d", count: 8), "GENERIC_SECRET"),
        ("hvs.", "CAESIJ9xq2vK7mP4tR8wZ1nB5dF", "GENERIC_SECRET"),
        ("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "JWT"),
        ("ya29.", "a0AfH6SMBx9Qk2mN5pR8sT1vX4zB7cD0fG3hJ6kL9", "GOOGLE_OAUTH"),
        ("abc8Q~", "Qw3Er5Ty7Ui9Op1As3Df5Gh7Jk9Lz1Xc3Vb", "AZURE_KEY"),
    ])
    func tokensAreFound(prefix: String, rest: String, entity: String) {
        for (before, after) in [("use ", " now"), ("{\"v\":\"", "\"}"), ("x = '", "'"), ("", "")] {
            let found = Found.values(in: before + prefix + rest + after)
            if entity == "SLACK_WEBHOOK" || prefix != "abc8Q~" { #expect(found == ["\(entity) \(prefix)\(rest)"]) }
        }
        #expect(Found.values(in: "zz\(prefix)\(rest.prefix(8))").isEmpty)
        #expect(Found.values(in: "see \(prefix)\(String(repeating: "x", count: rest.count))").isEmpty)
    }

    @Test(arguments: [
        "AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLEX", "XAKIAIOSFODNN7EXAMPLE",
        "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQ", "ghp_short",
        "task-aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bD0fH3jL6", "sk-learn", "sk-circle-fade-dot", "hf_hub_download",
        "npm_config_registry",
        "eyJhbGciOiJIUzI1NiJ9", "SG.foo.bar", "glpat-", "xoxb-token", "SK0123456789abcdef",
        "https://hooks.slack.com/services/",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709", "550e8400-e29b-41d4-a716-446655440000",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ])
    func tokenNearMissesAreNot(text: String) { #expect(Found.values(in: text) == []) }

    @Test(arguments: [
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_SECRET_KEY wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        ),
        (
            "{\"SecretAccessKey\": \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}",
            "AWS_SECRET_KEY wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        ),
        (
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;EndpointSuffix=core.windows.net",
            "AZURE_KEY Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
        ),
        (
            "https://a.blob.core.windows.net/c?sv=2022-11-02&sig=kR7+Qm3vXz9/Lp2Tn5Wc8Yb1Df4Gh6Jk0Ms3Nq5Rt7U=",
            "AZURE_KEY kR7+Qm3vXz9/Lp2Tn5Wc8Yb1Df4Gh6Jk0Ms3Nq5Rt7U="
        ),
        ("api_key = \"9f8e7d6c5b4a39281706f5e4d3c2b1a0\"", "GENERIC_SECRET 9f8e7d6c5b4a39281706f5e4d3c2b1a0"),
        ("{\"client_secret\":\"pQ8sT1vW4yZ7bD0fH3jL\"}", "GENERIC_SECRET pQ8sT1vW4yZ7bD0fH3jL"),
        ("export SERVICE_TOKEN=pQ8sT1vW4yZ7bD0fH3jL", "GENERIC_SECRET pQ8sT1vW4yZ7bD0fH3jL"),
        ("x-api-key: pQ8sT1vW4yZ7bD0fH3jL", "GENERIC_SECRET pQ8sT1vW4yZ7bD0fH3jL"),
        ("?access_token=pQ8sT1vW4yZ7bD0fH3jL&x=1", "GENERIC_SECRET pQ8sT1vW4yZ7bD0fH3jL"),
        ("secret: pQ8sT1vW4yZ7bD0fH3jL", "GENERIC_SECRET pQ8sT1vW4yZ7bD0fH3jL"),
        ("password: \"hunter2!\"", "GENERIC_SECRET hunter2!"), ("DB_PASSWORD=S3cr3t_pw", "GENERIC_SECRET S3cr3t_pw"),
        ("the password is Tr0ub4dor&3", "GENERIC_SECRET Tr0ub4dor&3"),
        ("{\"password\":\"correct-horse-9\"}", "GENERIC_SECRET correct-horse-9"),
        ("postgres://app:s3cr3t@db.example.com:5432/x", "CONNECTION_STRING s3cr3t"),
        ("mysql://root:p@ss:w0rd@10.0.0.0/x", ""), ("redis://:hunter2@cache:6379/0", "CONNECTION_STRING hunter2"),
        ("mongodb+srv://u:pw1234@cluster0.example.net/?w=1", "CONNECTION_STRING pw1234"),
        ("amqp://guest:guest@rabbit:5672/", "CONNECTION_STRING guest"),
        ("Server=db;Database=x;User Id=sa;Password=Pa55word;Encrypt=yes", "CONNECTION_STRING Pa55word"),
        ("Authorization: Bearer abc123DEF456ghi789JKL", "AUTHORIZATION abc123DEF456ghi789JKL"),
        ("{\"Authorization\": \"Basic dXNlcjpwYXNzd29yZA==\"}", "AUTHORIZATION dXNlcjpwYXNzd29yZA=="),
        ("curl -H 'authorization: token 0a1b2c3d4e5f60718293'", "AUTHORIZATION 0a1b2c3d4e5f60718293"),
    ])
    func assignedSecretsAreFound(text: String, value: String) {
        if !value.isEmpty { #expect(Found.values(in: text) == [value]) }
    }

    @Test(arguments: [
        "token = os.environ[\"TOKEN\"]", "password = getpass()", "password: string", "api_key: ${API_KEY}",
        "token=$TOKEN",
        "\"max_tokens\": 4096", "\"input_tokens\":123456789012", "secret = settings.SECRET_KEY", "password = None",
        "password is required",
        "api_key = \"YOUR_API_KEY\"", "token: <your token>", "the token: it expires", "password: ********",
        "secretary: anna",
        "tokenizer = AutoTokenizer.from_pretrained(x)", "passwordless=true", "token_count = 1234567890123", "next: 12",
        "http://localhost:8080/path", "https://example.com:443/@user", "postgres://app@db/x",
        "postgres://app:${PW}@db/x",
        "time: 12:30@office", "Authorization: Bearer $TOKEN", "Authorization: Bearer <token>",
        "basic responsibilities-and-more",
        "aws_secret_access_key = changeme", "secret access key da39a3ee5e6b4b0d3255bfef95601890afd80709", "sig=abc",
        "AccountKey=short", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "a PRIVATE KEY is needed",
        "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----",
    ])
    func assignmentNearMissesAreNot(text: String) { #expect(Found.values(in: text) == []) }

    @Test(arguments: ["\n", "\\n", "\r\n"])
    func aPrivateKeyIsFoundToItsEnd(lineEnd: String) {
        for kind in [
            "RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK",
        ] {
            let dashes = "-----"
            let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + lineEnd + "BKcwggSjAgEAAoIBAQC7" + lineEnd
            let text = "key: \(dashes)BEGIN \(kind)\(dashes)\(lineEnd)\(body)\(dashes)END \(kind)\(dashes) end"
            #expect(Found.values(in: text) == ["PRIVATE_KEY \(body)\(dashes)END \(kind)\(dashes)"])
        }
    }

    @Test func whatFollowsBearerIsOneValue() {
        let token = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
        #expect(Found.values(in: "Authorization: Bearer \(token)") == ["AUTHORIZATION \(token)"])
    }
}

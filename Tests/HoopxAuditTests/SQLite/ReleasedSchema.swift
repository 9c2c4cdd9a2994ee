import GRDB

/// The audit database as earlier versions of hoopx made it, word for word, with a session in it. It never changes.
enum ReleasedSchema {
    static func make(_ path: String, version: Int) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { database in
            for step in steps[..<version] { try database.execute(sql: step) }
            // "hoox" in ASCII.
            try database.execute(sql: "PRAGMA application_id = 1752133496; PRAGMA user_version = \(version)")
            try database.execute(sql: session + request)
        }
        try database.close()
    }

    private static let steps = [
        """
        CREATE TABLE session (
            id TEXT PRIMARY KEY,
            principal_kind TEXT NOT NULL,
            principal_name TEXT NOT NULL,
            principal_subject TEXT NOT NULL,
            principal_is_verified INTEGER NOT NULL,
            arguments TEXT NOT NULL,          -- a JSON array
            working_directory TEXT NOT NULL,
            program_path TEXT NOT NULL,
            program_sha256 TEXT,              -- hexadecimal
            hoopx_pid INTEGER NOT NULL,
            hoopx_start_ticks INTEGER NOT NULL,
            hoopx_boot_id TEXT NOT NULL,
            hoopx_pid_namespace TEXT NOT NULL,
            datagram_tier TEXT,
            started_at INTEGER NOT NULL,      -- this and every other time: microseconds since 1970, UTC
            ended_at INTEGER,
            ending TEXT,                      -- exited, killed, terminated, failed, interrupted
            ending_number INTEGER             -- of an exit the status, of a signal its number
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_by_start ON session (started_at);
        CREATE INDEX session_open ON session (id) WHERE ending IS NULL;

        CREATE TABLE connection (
            session TEXT NOT NULL,
            number INTEGER NOT NULL,
            host TEXT NOT NULL,
            port INTEGER NOT NULL,
            pid INTEGER,
            command TEXT,
            opened_at INTEGER NOT NULL,
            verdict TEXT NOT NULL,            -- connection, tunnel, denied
            rule TEXT NOT NULL,               -- the connection's name, the tunnel's pattern, the reason code
            bytes_sent INTEGER NOT NULL,
            bytes_received INTEGER NOT NULL,
            duration INTEGER,                 -- this and every other duration: microseconds
            PRIMARY KEY (session, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE request (
            session TEXT NOT NULL,
            number INTEGER NOT NULL,
            connection_number INTEGER NOT NULL,
            connection_name TEXT,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            credential TEXT NOT NULL,         -- injected, absent, refused, unused
            denial TEXT,                      -- a reason code
            status INTEGER,
            request_bytes INTEGER NOT NULL,
            response_bytes INTEGER NOT NULL,
            first_byte_after INTEGER,
            duration INTEGER,
            PRIMARY KEY (session, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE denial (
            session TEXT NOT NULL,
            code TEXT NOT NULL,
            layer TEXT NOT NULL,
            rule TEXT NOT NULL,
            subject TEXT NOT NULL,
            hint TEXT NOT NULL,
            count INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            PRIMARY KEY (session, code, layer, rule, subject, hint)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE session ADD COLUMN weakenings TEXT NOT NULL DEFAULT '[]'; -- JSON array
        """,
        """
        CREATE TABLE execution (
            session TEXT NOT NULL,
            number INTEGER NOT NULL,
            pid INTEGER,
            parent_pid INTEGER,
            executed_at INTEGER NOT NULL,
            path TEXT,
            arguments TEXT NOT NULL,          -- a JSON array
            is_truncated INTEGER NOT NULL,
            PRIMARY KEY (session, number)
        ) STRICT, WITHOUT ROWID;

        -- One row for each session whose executions are recorded.
        CREATE TABLE execution_count (
            session TEXT PRIMARY KEY,
            recorded INTEGER NOT NULL,
            unrecorded INTEGER NOT NULL,
            missed INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE session ADD COLUMN principal_issuer TEXT;
        ALTER TABLE session ADD COLUMN principal_email TEXT;
        ALTER TABLE session ADD COLUMN principal_groups TEXT NOT NULL DEFAULT '[]'; -- a JSON array
        ALTER TABLE session ADD COLUMN principal_claims TEXT NOT NULL DEFAULT '{}'; -- a JSON object of strings
        -- How the ID token was come by; null where nobody vouches for the principal, and all that follows with it.
        ALTER TABLE session ADD COLUMN verification_method TEXT;
        ALTER TABLE session ADD COLUMN verification_algorithm TEXT;
        ALTER TABLE session ADD COLUMN verification_key_id TEXT;
        ALTER TABLE session ADD COLUMN verification_issued_at INTEGER;
        ALTER TABLE session ADD COLUMN verification_expires_at INTEGER;

        ALTER TABLE request ADD COLUMN lease TEXT; -- the id of a lease of the session
        ALTER TABLE request ADD COLUMN client_token TEXT; -- what stands for the token, hexadecimal

        CREATE TABLE lease (
            session TEXT NOT NULL,
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            connection_name TEXT NOT NULL,
            source TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            expires_at INTEGER,
            renewal_count INTEGER NOT NULL,
            ended_at INTEGER,
            ending TEXT,                      -- replaced, expired, revoked, revocation_failed
            PRIMARY KEY (session, number)
        ) STRICT, WITHOUT ROWID;
        """,
    ]

    private static let session = """
        INSERT INTO session (id, principal_kind, principal_name, principal_subject, principal_is_verified, arguments,
            working_directory, program_path, program_sha256, hoopx_pid, hoopx_start_ticks, hoopx_boot_id,
            hoopx_pid_namespace, datagram_tier, started_at, ended_at, ending, ending_number)
        VALUES ('20261101-aaaaaaaa', 'local_user', 'ada', '1000', 0, '["claude","-p"]', '/home/ada', '/usr/bin/claude',
            NULL, 1, 1, 'boot', 'pid:[1]', 'namespace', 1793491200000000, 1793491201000000, 'exited', 3);
        """

    private static let request = """
        INSERT INTO request (session, number, connection_number, connection_name, method, path, started_at, credential,
            denial, status, request_bytes, response_bytes, first_byte_after, duration)
        VALUES ('20261101-aaaaaaaa', 1, 1, 'claude', 'POST', '/v1/messages', 1793491200500000,
            'injected', NULL, 200, 10, 20, 30, 40);
        """
}

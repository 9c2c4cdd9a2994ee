import GRDB

/// The tables of the audit database, as the steps that lead from one version to the next.
///
/// The version stands in `PRAGMA user_version`, so that opening a database that is up to date costs one read. A step
/// that was released is never changed; what it lacks is a further step. A step only adds: tables, and columns with a
/// default that says what an event of before comes to. So a run that goes on while a newer hoopx takes the step is
/// recorded to its end.
enum AuditSchema {
    /// "hoox" in ASCII: file(1) and the checks below tell an audit database from any other by it.
    static let applicationID: Int32 = 0x686f_6f78

    static var version: Int { steps.count }

    /// Brings a database up to date.
    ///
    /// - Throws: `AuditSchemaError`, or what SQLite does.
    static func migrate(_ database: Database) throws {
        // One transaction: while another run makes the database, its facts must be those of one moment.
        var found = 0
        try database.inTransaction(.deferred) {
            found = try version(of: database)
            return .commit
        }
        guard found != version else { return }
        // Outside of a transaction, and kept in the file: readers and the writers of other runs do not wait for each
        // other's pages.
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.inTransaction(.immediate) {
            // Another run may have been quicker.
            for step in steps[try version(of: database)...] { try database.execute(sql: step) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// The version of a database that is ours or empty.
    static func version(of database: Database) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id")
        if application != applicationID {
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            guard application == 0, found == 0, tables == 0 else { throw AuditSchemaError.foreignDatabase }
        }
        // hoopx makes neither. What somebody else put there would run, or be read, in the place of what was recorded.
        let planted = "SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('trigger', 'view') LIMIT 1"
        if let name = try String.fetchOne(database, sql: planted) { throw AuditSchemaError.planted(name) }
        guard found <= version else { throw AuditSchemaError.newerVersion(found) }
        return found
    }

    /// What every connection sets first: the file is the user's, and so is whoever may have written to it.
    ///
    /// Nothing in a schema may call what has side effects, and damaged pages are found before they are used
    /// (sqlite.org/security.html).
    static let caution = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON"

    /// The tables and indexes of a database, as they were made.
    static func definitions(in database: Database, schema: String = "main") throws -> Set<String> {
        try String.fetchSet(
            database,
            sql: "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM \(schema).sqlite_schema"
                + " WHERE name NOT LIKE 'sqlite_stat%'")
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
        """
        -- The log: what happened, in the order in which it was written. Everything else but bodies follows from it.
        CREATE TABLE event (
            leaf INTEGER PRIMARY KEY,         -- its position in the log, from 0
            session TEXT NOT NULL,
            sequence INTEGER NOT NULL,        -- in the session, from 1
            kind TEXT NOT NULL,
            time INTEGER NOT NULL,
            payload BLOB,                     -- canonical JSON (RFC 8785); NULL where retention has deleted it
            leaf_hash BLOB NOT NULL           -- SHA-256(0x00 || payload) (RFC 6962, 2.1)
        ) STRICT;
        CREATE UNIQUE INDEX event_by_session ON event (session, sequence);

        -- One row: the right edge of the log's tree, and what tells processes that chunks were deleted.
        CREATE TABLE log_state (
            id INTEGER PRIMARY KEY CHECK (id = 0),
            frontier BLOB NOT NULL,           -- the size in eight bytes, and the roots of the perfect subtrees
            chunk_generation INTEGER NOT NULL,
            origin TEXT,                      -- the log's name; NULL until it has an event
            verifier_key TEXT                 -- of the key that signs now, as C2SP signed-note has it
        ) STRICT;
        INSERT INTO log_state VALUES (0, x'0000000000000000', 0, NULL, NULL);

        -- Roots of perfect subtrees of 2^level leaves, so that proofs need not read all leaves.
        CREATE TABLE tree_node (
            level INTEGER NOT NULL,
            number INTEGER NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (level, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE checkpoint (
            size INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            note TEXT NOT NULL                -- C2SP tlog-checkpoint, signed
        ) STRICT;

        -- Places outside of the record where a checkpoint is kept.
        CREATE TABLE anchor (
            size INTEGER NOT NULL,            -- of the checkpoint
            kind TEXT NOT NULL,               -- file, directory, timestamp, witness
            place TEXT NOT NULL,              -- a path, or a URL
            time INTEGER NOT NULL,
            evidence BLOB NOT NULL,           -- RFC 3161 in DER, or C2SP tlog-cosignature lines
            PRIMARY KEY (size, kind, place)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE request ADD COLUMN operation TEXT;
        ALTER TABLE request ADD COLUMN model TEXT;
        ALTER TABLE request ADD COLUMN upstream_request_id TEXT;
        ALTER TABLE request ADD COLUMN stop_reason TEXT;
        -- All four, or none of them.
        ALTER TABLE request ADD COLUMN input_tokens INTEGER;
        ALTER TABLE request ADD COLUMN output_tokens INTEGER;
        ALTER TABLE request ADD COLUMN cache_creation_tokens INTEGER;
        ALTER TABLE request ADD COLUMN cache_read_tokens INTEGER;

        CREATE TABLE tool_use (
            session TEXT NOT NULL,
            sequence INTEGER NOT NULL,        -- of its event
            request INTEGER NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            input TEXT NOT NULL,
            is_truncated INTEGER NOT NULL,
            used_at INTEGER NOT NULL,
            PRIMARY KEY (session, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE masking (
            session TEXT NOT NULL,
            request INTEGER NOT NULL,         -- 0 where it belongs to none
            place TEXT NOT NULL,              -- request, response, record
            entity TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (session, request, place, entity)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX masking_by_entity ON masking (entity, session);

        -- A row for each session whose terminal is recorded.
        CREATE TABLE terminal (
            session TEXT PRIMARY KEY,
            columns INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            length INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            truncation TEXT
        ) STRICT, WITHOUT ROWID;

        -- A row for each session whose payloads are kept whatever their age.
        CREATE TABLE legal_hold (
            session TEXT PRIMARY KEY,
            since INTEGER NOT NULL,
            reason TEXT
        ) STRICT, WITHOUT ROWID;

        -- What bodies consist of: each piece once.
        CREATE TABLE chunk (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,        -- SHA-256
            length INTEGER NOT NULL,
            content BLOB NOT NULL,            -- zstd (RFC 8878); the bytes themselves where they are `length` long
            base INTEGER                      -- the chunk whose bytes are the dictionary, where there is one
        ) STRICT;

        CREATE TABLE body (
            session TEXT NOT NULL,
            request INTEGER NOT NULL,
            direction TEXT NOT NULL,          -- request, response, terminal
            length INTEGER NOT NULL,
            sha256 TEXT NOT NULL,             -- hexadecimal
            truncation TEXT,                  -- limit, store, incomplete
            chunks BLOB NOT NULL,             -- ids, LEB128; none where `content` is the body
            content BLOB,                     -- of a small body: as in `chunk`
            timings BLOB NOT NULL,            -- of each piece its length, and microseconds since the last: LEB128
            PRIMARY KEY (session, request, direction)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX session_by_principal ON session (principal_name, started_at);
        CREATE INDEX connection_by_verdict ON connection (verdict, rule, session);
        """,
        """
        ALTER TABLE connection ADD COLUMN path TEXT; -- of a Unix socket: its host is empty, its port 0
        ALTER TABLE connection ADD COLUMN count INTEGER NOT NULL DEFAULT 1; -- how many connections the row stands for
        """,
    ]
}

/// Why a file cannot serve as the audit database.
enum AuditSchemaError: Error {
    case foreignDatabase
    case newerVersion(Int)
    /// It has a trigger or a view: `trigger NAME`.
    case planted(String)
}

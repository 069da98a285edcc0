/// What a session is for.
package enum SessionPurpose: Sendable {
    /// Loads, migrations and decisions: a server that can be written to, and no timeouts.
    case work
    /// Reports and listings: a replica will do, and the timeouts of the role stay.
    case reading
}

/// Gives the password of one connection, asked for anew each time.
package typealias PasswordSource = @Sendable () throws(PostgresError) -> String

extension PostgresConnection {
    /// Makes the session independent of what server, database and role have as defaults.
    func setUpSession(for purpose: SessionPurpose) throws(PostgresError) {
        var settings = Self.meaning
        if purpose == .work { settings += noTimeouts }
        var statements = settings.map { "set \($0.name) to \($0.value)" }
        if purpose == .work { statements.append(Self.durability) }
        try execute(statements.joined(separator: "; "))
    }

    /// What makes a confirmed commit outlive a crash of the server.
    ///
    /// A message is deleted once its commit is confirmed. Whoever asks for more (`remote_apply`)
    /// keeps it.
    private static let durability = """
        select set_config('synchronous_commit', 'on', false)
        where current_setting('synchronous_commit') = 'off'
        """

    private typealias Setting = (name: String, value: String)

    /// What statements and values of ours mean.
    ///
    /// Every name in our SQL has its schema, and temporary tables come last: whoever may create
    /// something in a schema of the role's search path cannot put it in our way.
    private static let meaning: [Setting] = [
        ("timezone", "'UTC'"), ("datestyle", "'ISO, YMD'"), ("intervalstyle", "'postgres'"),
        ("bytea_output", "'hex'"), ("standard_conforming_strings", "on"),
        ("transform_null_equals", "off"), ("default_transaction_isolation", "'read committed'"),
        ("search_path", "pg_catalog, pg_temp"),
        // Fewer digits would be other amounts in a report.
        ("extra_float_digits", "1"), ("array_nulls", "on"), ("quote_all_identifiers", "off"),
    ]

    /// A load takes as long as its file is large, and waits for its turn; how long it waits for a
    /// store is limited there.
    private var noTimeouts: [Setting] {
        var names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
        if serverVersion >= 140_000 { names.append("idle_session_timeout") }
        if serverVersion >= 170_000 { names.append("transaction_timeout") }
        return names.map { ($0, "0") }
    }
}

internal import Glibc

/// Which keywords a service of `pg_service.conf` sets ("PostgreSQL: The Connection Service File").
///
/// libpq tells what a service comes to, but not whether it names what is libpq's default anyway.
enum ServiceFile {
    /// The keywords of the first file that has the service; empty where none has.
    static func keywords(of service: String) -> Set<String> {
        for path in paths {
            if let text = read(path), let found = keywords(of: service, in: text) { return found }
        }
        return []
    }

    /// The person's own file, then the system's.
    private static var paths: [String] {
        let own =
            variable("PGSERVICEFILE")
            ?? (variable("HOME") ?? homeFolder).map {
                $0 + "/.pg_service.conf"
            }
        // libpq has the system's folder compiled in; Debian's and the usual ones.
        let folders =
            variable("PGSYSCONFDIR").map { [$0] }
            ?? ["/etc/postgresql-common", "/etc/postgresql", "/etc", "/usr/local/pgsql/etc"]
        return [own].compactMap(\.self) + folders.map { $0 + "/pg_service.conf" }
    }

    private static func keywords(of service: String, in text: String) -> Set<String>? {
        var found: Set<String>?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop(while: \.isWhitespace)
            if line.hasPrefix("[") {
                if found != nil { return found }
                if line.hasPrefix("[\(service)]") { found = [] }
            } else if !line.hasPrefix("#"), let end = line.firstIndex(of: "=") {
                found?.insert(String(line[..<end]))
            }
        }
        return found
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk.prefix(count)
        }
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// As the user database has it, for whoever runs without HOME.
    static var homeFolder: String? {
        guard let user = getpwuid(geteuid()) else { return nil }
        return String(cString: user.pointee.pw_dir)
    }
}

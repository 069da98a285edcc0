/// Whether a host as it stands in an address, IPv6 in brackets, is this machine and no other.
///
/// Source: RFC 1122 §3.2.1.3: all of 127/8; RFC 6761 §6.3: localhost.
func isLoopback(_ host: String) -> Bool {
    if host.lowercased() == "localhost" || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
}

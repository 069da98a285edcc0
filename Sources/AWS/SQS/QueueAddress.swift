internal import FoundationEssentials

/// What the address of a queue says: where it is, whose it is, and which host may be asked.
///
/// Source: SQS Developer Guide, "Queue and message identifiers" and "Interface VPC endpoints";
/// AWS General Reference, "Amazon SQS endpoints and quotas", legacy endpoints included.
package struct QueueAddress: Sendable, Equatable {
    /// Whose host it is.
    package enum Host: Sendable, Equatable {
        /// The usual one of the region, in its present or its older form.
        case regional
        /// One of Amazon's that serves what the usual one does not: a VPC's own, or one for FIPS
        /// or IPv6.
        case special(isFIPS: Bool, isDualStack: Bool)
        /// This machine.
        case loopback
        /// Anybody's.
        case foreign
    }

    /// The address as it was given.
    package let url: String
    /// Nil where the host names none.
    package let region: String?
    /// Twelve digits.
    package let account: String
    package let name: String
    package let host: Host
    /// Everything before `/account/name`.
    fileprivate let root: String

    /// Reads `https://host/account/name`; nil for anything else.
    package init?(_ url: String) {
        guard let parts = URLComponents(string: url), let host = parts.encodedHost?.lowercased(),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            parts.user == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        let path = url.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count >= 5, let name = path.last, Self.isName(name) else { return nil }
        let account = path[path.count - 2]
        guard account.count == 12, account.allSatisfy(\.isASCIIDigit) else { return nil }
        self.url = url
        self.account = String(account)
        self.name = String(name)
        root = path.dropLast(2).joined(separator: "/")
        if isLoopback(host) {
            (region, self.host) = (nil, .loopback)
        } else if let (region, kind) = Self.amazons(host) {
            (self.region, self.host) = (region, kind)
        } else {
            (region, self.host) = (nil, .foreign)
        }
    }

    /// The address of a queue that an ARN names; nil where it names none.
    package init?(arn: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[2] == "sqs", let partition = AWSPartition.of(arn: arn),
            AWSEndpoint.isHostLabel(parts[3]), AWSPartition.of(region: parts[3]) == partition
        else { return nil }
        self.init("https://sqs.\(parts[3]).\(partition.suffix)/\(parts[4])/\(parts[5])")
    }

    /// The address of another queue of the same account, which its dead-letter queue always is.
    package func sibling(named name: String) -> String { "\(root)/\(account)/\(name)" }

    /// The ARN, with `*` for a region that the address does not name.
    package var arn: String {
        let partition = region.map(AWSPartition.of) ?? .standard
        return "arn:\(partition.id):sqs:\(region ?? "*"):\(account):\(name)"
    }

    private static func isName(_ name: Substring) -> Bool {
        let stem = name.hasSuffix(".fifo") ? name.dropLast(5) : name
        return !stem.isEmpty && name.utf8.count <= 80
            && stem.utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isASCIIDigit
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    // Which of Amazon's hosts it is, if one.
    private static func amazons(_ host: String) -> (region: String, Host)? {
        for partition in AWSPartition.all {
            if let words = words(of: host, before: partition.dualStackSuffix), words.count == 2,
                ["sqs", "sqs-fips"].contains(words[0]), isRegion(words[1], of: partition)
            {
                let isFIPS = words[0] == "sqs-fips"
                return (words[1], .special(isFIPS: isFIPS, isDualStack: true))
            }
            guard let words = words(of: host, before: partition.suffix),
                let found = amazons(words, in: partition)
            else { continue }
            return found
        }
        return nil
    }

    private static func amazons(
        _ words: [String], in partition: AWSPartition
    ) -> (region: String, Host)? {
        switch words.count {
        case 1 where words[0] == "queue" && partition == .standard:
            return (partition.homeRegion, .regional)
        case 2 where words[0] == "sqs" && isRegion(words[1], of: partition):
            return (words[1], .regional)
        case 2 where words[0] == "sqs-fips" && isRegion(words[1], of: partition):
            return (words[1], .special(isFIPS: true, isDualStack: false))
        case 2 where words[1] == "queue" && isRegion(words[0], of: partition):
            return (words[0], .regional)
        case 4 where words[0].hasPrefix("vpce-") && words[3] == "vpce":
            guard words[1] == "sqs" || words[1] == "sqs-fips", isRegion(words[2], of: partition)
            else { return nil }
            return (words[2], .special(isFIPS: words[1] == "sqs-fips", isDualStack: false))
        default: return nil
        }
    }

    // Labels only: what else would stand before the suffix is no host of Amazon's.
    private static func words(of host: String, before suffix: String) -> [String]? {
        guard host.hasSuffix("." + suffix) else { return nil }
        let words = host.dropLast(suffix.count + 1)
            .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return words.allSatisfy(AWSEndpoint.isHostLabel) ? words : nil
    }

    private static func isRegion(_ word: String, of partition: AWSPartition) -> Bool {
        word.contains("-") && AWSPartition.of(region: word) == partition
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension AWSConfiguration {
    /// Where calls about a queue go: to the region and, where the usual host is not meant, to the
    /// very host that the queue's address names.
    ///
    /// A signed call never goes to a host that is neither Amazon's, nor this machine, nor
    /// configured as `AWS_ENDPOINT_URL_SQS` or one of its kin.
    package func endpoint(
        ofQueue url: String
    ) throws(AWSConfigurationError) -> AWSEndpoint {
        guard let queue = QueueAddress(url) else { return try endpoint(of: .sqs) }
        if isCustom(.sqs) { return try endpoint(of: .sqs, region: queue.region) }
        switch queue.host {
        case .regional: return try endpoint(of: .sqs, region: queue.region)
        case .special(let isFIPS, let isDualStack):
            let usual = try endpoint(of: .sqs, region: queue.region)
            let host = host(of: url)
            try throwUnlessObeyed(by: host, isFIPS: isFIPS, isDualStack: isDualStack)
            return AWSEndpoint(host: host, region: usual.region)
        case .loopback:
            let region = try endpoint(of: .sqs).region
            return try AWSEndpoint(url: queue.root, setting: "queue", region: region)
        case .foreign:
            throw AWSConfigurationError(
                setting: "queue",
                message: "\(host(of: url)) is not a host of Amazon SQS, so nothing is sent there; "
                    + "correct the queue's URL, or set AWS_ENDPOINT_URL_SQS to where SQS is")
        }
    }

    private func host(of url: String) -> String {
        URLComponents(string: url)?.encodedHost?.lowercased() ?? url
    }
}

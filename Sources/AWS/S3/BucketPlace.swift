internal import FoundationEssentials

/// A bucket and what keys in it begin with, as people name the two: plainly, as an `s3://`
/// address, as an ARN, as S3's own https address, or as the console's.
package struct BucketPlace: Sendable, Equatable {
    package let bucket: String
    /// Empty for the whole bucket.
    package let prefix: String

    /// A text that names no place in a bucket, or not one that can be used.
    package struct Misnamed: Error, Sendable, CustomStringConvertible {
        /// What is wrong with it, and the form that is right.
        package let description: String
    }

    private static let rightForm = "write BUCKET or BUCKET/PREFIX"

    /// Reads a text that has one meaning; throws for any other what to write instead.
    package init(_ text: String) throws(Misnamed) {
        let lower = text.lowercased()
        if lower.hasPrefix("arn:") {
            self = try Self.ofARN(text)
        } else if let scheme = ["s3://", "s3a://", "s3n://"].first(where: lower.hasPrefix) {
            try self.init(path: String(text.dropFirst(scheme.count)), text)
        } else if lower.contains("://") {
            self = try Self.ofURL(text)
        } else {
            try self.init(path: text, text)
        }
    }

    private init(path: String, _ text: String) throws(Misnamed) {
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        try self.init(
            bucket: parts.first.map(String.init) ?? "",
            prefix: parts.count > 1 ? String(parts[1]) : "", text)
    }

    private init(bucket: String, prefix: String, _ text: String) throws(Misnamed) {
        guard !bucket.isEmpty else { throw Misnamed(description: "\"\(text)\" names no bucket") }
        if let kind = Self.otherThanBucket.first(where: { bucket.hasSuffix($0.suffix) }) {
            throw Misnamed(
                description: "\"\(bucket)\" is \(kind.what): events and listings carry the "
                    + "bucket's own name, so \(Self.rightForm), with that bucket's")
        }
        guard Self.isBucket(bucket) else {
            throw Misnamed(
                description: "\"\(bucket)\" in \"\(text)\" is not a bucket's name; "
                    + Self.rightForm)
        }
        self.bucket = bucket
        self.prefix = prefix
    }

    // S3 User Guide, "General purpose bucket naming rules": what the ends are reserved for.
    private static let otherThanBucket: [(suffix: String, what: String)] = [
        ("-s3alias", "the alias of an access point"),
        ("--ol-s3", "the alias of an Object Lambda access point"),
        ("--x-s3", "a directory bucket, which sends no events"),
        ("--xa-s3", "the access point of a directory bucket"),
        (".mrap", "a multi-region access point"),
    ]

    // Older buckets of us-east-1 have capitals, underscores and up to 255 characters.
    private static func isBucket(_ name: String) -> Bool {
        name.utf8.count <= 255
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
            } && !name.hasPrefix(".") && !name.hasPrefix("-")
    }
}

extension BucketPlace {
    private static func ofARN(_ text: String) throws(Misnamed) -> BucketPlace {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count == 6 else {
            throw Misnamed(description: "\"\(text)\" is not a whole ARN; \(rightForm)")
        }
        let resource = parts[5]
        guard parts[2] == "s3", parts[3].isEmpty, parts[4].isEmpty else {
            let isAccessPoint = resource.hasPrefix("accesspoint")
            throw Misnamed(
                description: isAccessPoint
                    ? "\"\(text)\" is an access point: events and listings carry the bucket's own "
                        + "name, so \(rightForm), with the name of the bucket behind it"
                    : "\"\(text)\" is an ARN of \(parts[2]), not of a bucket; \(rightForm)")
        }
        // As policies have it: bucket/* is all that is in the bucket.
        let path = resource.hasSuffix("/*") ? String(resource.dropLast()) : resource
        guard !path.contains("*"), !path.contains("?") else {
            throw Misnamed(description: "\"\(text)\" has a wildcard; \(rightForm)")
        }
        let place = try BucketPlace(path: path, text)
        return place
    }

    private static func ofURL(_ text: String) throws(Misnamed) -> BucketPlace {
        guard let parts = URLComponents(string: text), let host = parts.encodedHost?.lowercased(),
            parts.scheme?.lowercased() == "https", parts.user == nil
        else {
            throw Misnamed(description: "\"\(text)\" is not an address of S3; \(rightForm)")
        }
        let path = parts.percentEncodedPath.dropFirst()
            .split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.decode(String($0), plusIsSpace: false) ?? String($0) }
        if isConsole(host) { return try ofConsole(path, parts, text) }
        guard parts.query == nil, let bucket = virtualBucket(host) else {
            throw Misnamed(description: "\"\(text)\" is not an address of S3; \(rightForm)")
        }
        let names = bucket.isEmpty ? path : [bucket] + path
        return try BucketPlace(
            bucket: names.first ?? "", prefix: names.dropFirst().joined(separator: "/"), text)
    }

    // https://s3.console.aws.amazon.com/s3/buckets/NAME?region=...&prefix=a/b/
    private static func ofConsole(
        _ path: [String], _ parts: URLComponents, _ text: String
    ) throws(Misnamed) -> BucketPlace {
        guard path.count == 3, path[0] == "s3", ["buckets", "object"].contains(path[1]) else {
            throw Misnamed(
                description: "\"\(text)\" is the console's page of no bucket; \(rightForm)")
        }
        let prefix = parts.queryItems?.first { $0.name == "prefix" }?.value ?? ""
        return try BucketPlace(bucket: path[2], prefix: prefix, text)
    }

    private static func isConsole(_ host: String) -> Bool {
        [
            "console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com",
            "console.aws.eu", "console.amazonaws-eusc.eu",
        ].contains { host == $0 || host.hasSuffix("." + $0) }
    }

    // The bucket that a host of S3 names; empty where it is in the path, nil for other hosts.
    private static func virtualBucket(_ host: String) -> String? {
        for suffix in AWSPartition.all.map(\.suffix) where host.hasSuffix("." + suffix) {
            let words = host.dropLast(suffix.count + 1).split(separator: ".").map(String.init)
            guard let mark = words.lastIndex(where: { isService($0) }) else { continue }
            // After the service: nothing, a region, or dualstack and a region.
            let rest = words[(mark + 1)...].filter { $0 != "dualstack" }
            guard rest.count <= 1, !words[mark...].contains("vpce") else { return nil }
            return words[..<mark].joined(separator: ".")
        }
        return nil
    }

    // s3, s3-fips, and s3-eu-west-1 as it was written first; not s3-website or s3-accesspoint.
    private static func isService(_ word: String) -> Bool {
        if word == "s3" || word == "s3-fips" { return true }
        guard word.hasPrefix("s3-") else { return false }
        let region = word.dropFirst(3).split(separator: "-")
        return region.count >= 3 && region.last.map { UInt8($0) != nil } == true
            && region[0] != "website"
    }
}

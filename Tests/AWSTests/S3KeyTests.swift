import Testing

@testable import AWS

@Suite struct S3KeyTests {
    static let keys = [
        "plain", "a b", "a+b", "a=b", "é", "a%b", "a%20b", "in/k=1/data.csv", "a'b(1)!~*",
        "a&b?c#d", "a:b@c,d;e",
    ]

    @Test(arguments: keys)
    func keyComesBackFromAServerThatVerifiesSignatures(_ key: String) throws {
        try roundTrip(key, try TestClients.rclone)
    }

    @Test(arguments: keys + ["a//b", "./a", "a/../b", "/a"])
    func keyComesBackFromAServerThatTakesKeysAsTheyAre(_ key: String) throws {
        try roundTrip(key, try TestClients.ministack)
    }

    private func roundTrip(_ key: String, _ clients: TestClients) throws {
        let s3 = try clients.s3
        let bucket = uniqueName("keys")
        try s3.createBucket(bucket)
        let body = Array("the body of \(key)".utf8)
        try s3.putObject(bucket: bucket, key: key, body: .bytes(body))
        #expect(try s3.bytes(bucket: bucket, key: key) == body)
        var listed: [String] = []
        try s3.listObjects(bucket: bucket) { listed.append($0.key) }
        #expect(listed == [key])
    }
}

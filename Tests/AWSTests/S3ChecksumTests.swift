import Foundation
import Support
import Testing

@testable import AWS

@Suite struct S3ChecksumTests {
    struct Case: CustomTestStringConvertible {
        let algorithm: String
        let hex: String
        var testDescription: String { algorithm }
        var base64: String { data.base64EncodedString() }

        private var data: Data {
            let digits = Array(hex)
            return Data(
                stride(from: 0, to: digits.count, by: 2)
                    .compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
        }
    }

    // The check values of "123456789": the CRC catalogue's, and those of sha1sum, sha256sum.
    static let cases = [
        Case(algorithm: "crc32", hex: "cbf43926"),
        Case(algorithm: "crc32c", hex: "e3069283"),
        Case(algorithm: "crc64nvme", hex: "ae8b14860a799888"),
        Case(algorithm: "sha1", hex: "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
        Case(
            algorithm: "sha256",
            hex: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
    ]

    @Test(arguments: cases)
    func checkValueIsThatOfTheCatalogueForEverySplit(_ test: Case) throws {
        let bytes = Array("123456789".utf8)
        for split in 0...bytes.count {
            var checksum = try #require(S3Checksum([test.algorithm: ""], type: nil))
            checksum.update(Array(bytes[..<split]).span.bytes)
            checksum.update(Array(bytes[split...]).span.bytes)
            #expect(checksum.computed == test.base64)
        }
    }

    @Test(arguments: cases)
    func matchingChecksumPasses(_ test: Case) throws {
        #expect(try read("123456789", test.algorithm, test.base64) == Array("123456789".utf8))
    }

    @Test(arguments: cases)
    func damagedObjectIsRefusedThoughAllItsBytesCame(_ test: Case) throws {
        let error = awsError { _ = try read("123456780", test.algorithm, test.base64) }
        #expect(error?.code == "ChecksumMismatch")
    }

    @Test func checksumOfPartsIsNotTakenForThatOfTheWhole() throws {
        #expect(try read("123456780", "crc32", "y/Q5Jg==-2").count == 9)
        #expect(S3Checksum(["crc32": "y/Q5Jg=="], type: "COMPOSITE") == nil)
    }

    private func read(_ body: String, _ algorithm: String, _ base64: String) throws -> [UInt8] {
        let header = "x-amz-checksum-\(algorithm): \(base64)"
        let proxy = try HTTPFaultProxy(
            to: .nowhere,
            faults: [.answer(status: 200, headers: [header, "ETag: \"e\""], body: body)])
        let version = S3Object(eTag: "e", size: 9, lastModified: Date())
        return try TestClients.rclone.through(proxy).s3
            .bytes(bucket: "b", key: "k", version: version)
    }
}

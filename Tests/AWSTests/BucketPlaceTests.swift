import Testing

@testable import AWS

/// Places in buckets as people name them.
@Suite struct BucketPlaceTests {
    @Test(arguments: [
        ("acme-sdds", "acme-sdds", ""), ("acme-reports/cas", "acme-reports", "cas"),
        ("acme-reports/cas/", "acme-reports", "cas/"), ("s3://acme/a//b", "acme", "a//b"),
        ("S3://acme", "acme", ""), ("s3a://acme/x", "acme", "x"), ("a.b_C", "a.b_C", ""),
        ("acme/a b+c%20é", "acme", "a b+c%20é"),
        ("arn:aws:s3:::acme", "acme", ""), ("arn:aws:s3:::acme/cas", "acme", "cas"),
        ("arn:aws-cn:s3:::acme/cas/*", "acme", "cas/"), ("arn:aws-us-gov:s3:::acme/*", "acme", ""),
        ("https://acme.s3.amazonaws.com/cas", "acme", "cas"),
        ("https://acme.s3.us-east-1.amazonaws.com/a%20b/", "acme", "a b/"),
        ("https://acme.s3-eu-west-1.amazonaws.com", "acme", ""),
        ("https://with.dots.s3.dualstack.eu-west-1.amazonaws.com/x", "with.dots", "x"),
        ("https://s3.eu-west-1.amazonaws.com/acme/cas", "acme", "cas"),
        ("https://s3.amazonaws.com/acme", "acme", ""),
        ("https://acme.s3.cn-north-1.amazonaws.com.cn/x", "acme", "x"),
        ("https://acme.s3.eusc-de-east-1.amazonaws.eu/x", "acme", "x"),
        (
            "https://s3.console.aws.amazon.com/s3/buckets/acme?region=us-east-1&prefix=cas/&tab=x",
            "acme", "cas/"
        ),
        ("https://us-east-1.console.aws.amazon.com/s3/buckets/acme?bucketType=general", "acme", ""),
        ("https://console.amazonaws.cn/s3/buckets/acme?prefix=a%2Fb", "acme", "a/b"),
        (
            "https://us-east-1.console.aws.amazon.com/s3/object/acme?prefix=cas/a.csv", "acme",
            "cas/a.csv"
        ),
    ])
    func placeIsUnderstoodWhereItHasOneMeaning(
        _ text: String, _ bucket: String, _ prefix: String
    ) throws {
        let place = try BucketPlace(text)
        #expect(place.bucket == bucket)
        #expect(place.prefix == prefix)
    }

    @Test(arguments: [
        "", "/cas", "s3://", "s3:///cas", "acme sdds", "acme:x", "arn:aws:s3", "arn:aws:s3:::",
        "arn:aws:s3:us-east-1:111122223333:accesspoint/reports",
        "arn:aws:s3::111122223333:accesspoint/m.mrap",
        "arn:aws:s3-object-lambda:us-east-1:111122223333:accesspoint/x",
        "arn:aws:s3-outposts:us-east-1:111122223333:outpost/o/bucket/b",
        "arn:aws:sqs:us-east-1:111122223333:name", "arn:aws:s3:::acme/ca*", "arn:aws:s3:::ac?me/*",
        "reports-abc123-s3alias", "s3://reports-abc123-s3alias/cas", "x--use1-az4--x-s3",
        "abc--ol-s3", "m.mrap", "https://example.com/acme", "http://acme.s3.amazonaws.com/",
        "https://acme.s3-website-us-east-1.amazonaws.com/", "ftp://acme/x", "gs://acme/x",
        "https://reports-111122223333.s3-accesspoint.us-east-1.amazonaws.com/x",
        "https://acme.s3.amazonaws.com/x?X-Amz-Signature=1",
        "https://sqs.us-east-1.amazonaws.com/a/b",
        "https://acme.s3.amazonaws.com.evil.example/x", "file:///tmp/x",
        "https://us-east-1.console.aws.amazon.com/s3/home", ".hidden/x",
        "https://bucket.vpce-1.s3.us-east-1.vpce.amazonaws.com/acme",
    ])
    func otherThingsAreRefusedWithTheRightForm(_ text: String) {
        let error = #expect(throws: BucketPlace.Misnamed.self) { try BucketPlace(text) }
        #expect(
            error?.description.contains("BUCKET/PREFIX") == true
                || error?.description.contains("names no bucket") == true)
    }
}

import Foundation
import Support
import Testing

@Suite struct LocalAWSTests {
    @Test(arguments: LocalAWS.Kind.allCases)
    func anObjectIsKept(kind: LocalAWS.Kind) throws {
        let aws = try LocalAWS.shared(kind)
        let script = """
            import boto3, sys
            s3 = boto3.client("s3")
            s3.create_bucket(Bucket="kept")
            s3.put_object(Bucket="kept", Key="a b", Body=sys.argv[1].encode())
            print(s3.get_object(Bucket="kept", Key="a b")["Body"].read().decode(), end="")
            """
        #expect(try aws.python(script, ["content"]) == "content")
    }

    @Test(arguments: [LocalAWS.Kind.moto, .rclone])
    func aWrongSecretIsRefused(kind: LocalAWS.Kind) throws {
        let aws = try LocalAWS.shared(kind)
        let script = """
            import boto3, sys
            s3 = boto3.client("s3", aws_access_key_id=sys.argv[1], aws_secret_access_key="no")
            s3.list_buckets()
            """
        let error = #expect(throws: Finished.self) { try aws.python(script, [aws.accessKey]) }
        #expect(try #require(error).standardError.contains("SignatureDoesNotMatch"))
    }

    @Test func whatWasStoppedAnswersNoMore() throws {
        let aws = try LocalAWS(.ministack)
        aws.stop()
        #expect(try Command("curl", ["-s", aws.endpoint]).run().ending == .exited(7))
    }
}

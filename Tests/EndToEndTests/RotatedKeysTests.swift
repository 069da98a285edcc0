import AWS
import Foundation
import Support
import Testing

/// Long-lived keys that are replaced in their file, and deleted, while a worker runs.
@Suite struct RotatedKeysTests {
    @Test(arguments: [false, true])
    func workerReadsRotatedKeysAgain(byRole: Bool) throws {
        let cloud = try SimulatedCloud(.none, on: .shared(.ministackIAM))
        let home = try ScratchDirectory()
        let file = home.path + "/credentials"
        let made = try cloud.aws.python(Self.making, [cloud.bucket, file])
        let role = made.trimmingCharacters(in: .whitespacesAndNewlines)
        if byRole {
            try cloud.addSeller(
                to: cloud.database,
                ["--role", role, "--external-id", "right", "--account", "000000000000"])
        }
        var environment = cloud.aws.environment()
        environment["AWS_ACCESS_KEY_ID"] = nil
        environment["AWS_SECRET_ACCESS_KEY"] = nil
        environment["AWS_SHARED_CREDENTIALS_FILE"] = file
        let worker = try Program().start(
            ["worker", "--database", cloud.database.conninfo], environment: environment)
        for month in ["01", "02"] {
            let billing = try Deliveries.billing(rows: 3)
            let key = "BillingEventFeed_V1/year=2026/month=\(month)/data.csv"
            try cloud.put([DeliveredObject(key: key, bytes: billing.bytes)])
            try cloud.send([MessageShape.s3Event.body(key, in: cloud.bucket)])
            let loaded = try cloud.waitForRow(
                "ingest.file where is_complete and key = '\(key)'", while: worker)
            #expect(loaded)
            if month == "01" { try cloud.aws.python(Self.rotating, [cloud.bucket, file]) }
        }
        worker.signal(SIGTERM)
        let stopped = worker.wait(limitSeconds: 30)
        #expect(stopped.succeeded, "\(stopped)")
    }

    private static let making = """
        import boto3, json, sys
        name, file = sys.argv[1:]
        iam = boto3.client("iam")
        def policy(**extra):
            return json.dumps({"Version": "2012-10-17", "Statement": [dict(Effect="Allow", **extra)]})
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        iam.put_user_policy(
            UserName=name, PolicyName="p", PolicyDocument=policy(Action="*", Resource="*"))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        with open(file, "w") as text:
            text.write("[default]\\naws_access_key_id = %s\\naws_secret_access_key = %s\\n"
                       % (key["AccessKeyId"], key["SecretAccessKey"]))
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(
            Action="sts:AssumeRole", Principal={"AWS": arn},
            Condition={"StringEquals": {"sts:ExternalId": "right"}}))["Role"]
        iam.put_role_policy(
            RoleName=name, PolicyName="p", PolicyDocument=policy(Action="*", Resource="*"))
        print(role["Arn"])
        """

    // As AWS tells people to: the new ones are in place before the old ones go.
    private static let rotating = """
        import boto3, sys
        name, file = sys.argv[1:]
        iam = boto3.client("iam")
        old = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        key = iam.create_access_key(UserName=name)["AccessKey"]
        with open(file, "w") as text:
            text.write("[default]\\naws_access_key_id = %s\\naws_secret_access_key = %s\\n"
                       % (key["AccessKeyId"], key["SecretAccessKey"]))
        for one in old:
            iam.delete_access_key(UserName=name, AccessKeyId=one["AccessKeyId"])
        """
}

import Foundation
import Testing

@testable import AWS

/// One set-up of a machine and what the default chain must make of it.
///
/// In variables and files, HOME stands for the case's own folder and URL for the endpoints of
/// `credential_endpoints.py`.
struct CredentialCase: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// These keys, by their access key's name.
        case keys(String, token: String? = nil)
        /// An error that says this.
        case error(String)
    }

    let testDescription: String
    var variables: [String: String] = [:]
    var config = ""
    var credentials = ""
    let outcome: Outcome
    /// False where we differ from botocore on purpose.
    var asBotocore = true

    init(
        _ name: String, _ variables: [String: String] = [:], config: String = "",
        credentials: String = "", _ outcome: Outcome, asBotocore: Bool = true
    ) {
        testDescription = name
        self.variables = variables
        self.config = config
        self.credentials = credentials
        self.outcome = outcome
        self.asBotocore = asBotocore
    }

    static let keys = "aws_access_key_id = AKIDFILE\naws_secret_access_key = s/e+c=\n"
    static let env = ["AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secret"]
    static let process = "credential_process = HOME/process"
    static func role(_ name: String, _ rest: String) -> String {
        "role_arn = arn:aws:iam::123456789012:role/\(name)\n\(rest)\n"
    }

    static let all = environment + files + roles + webIdentity + processes + endpoints

    static let environment = [
        CredentialCase("keys in variables", env, .keys("AKIDENV")),
        CredentialCase(
            "session token in variables", env.merging(["AWS_SESSION_TOKEN": "t"]) { $1 },
            .keys("AKIDENV", token: "t")),
        CredentialCase(
            "the older token variable first",
            env.merging(["AWS_SESSION_TOKEN": "t", "AWS_SECURITY_TOKEN": "u"]) { $1 },
            .keys("AKIDENV", token: "u")),
        CredentialCase(
            "key without secret", ["AWS_ACCESS_KEY_ID": "AKIDENV"],
            credentials: "[default]\n" + keys,
            .error("AWS_SECRET_ACCESS_KEY is not")),
        CredentialCase(
            "empty variables are not set",
            ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""],
            credentials: "[default]\n" + keys, .keys("AKIDFILE")),
        CredentialCase(
            "variables before files", env, credentials: "[default]\n" + keys, .keys("AKIDENV")),
        CredentialCase("nothing anywhere", [:], .error("none found")),
    ]

    static let files = [
        CredentialCase("credentials file", credentials: "[default]\n" + keys, .keys("AKIDFILE")),
        CredentialCase("config file", config: "[default]\n" + keys, .keys("AKIDFILE")),
        CredentialCase(
            "credentials file before config file",
            config: "[default]\naws_access_key_id=AKIDCONFIG\naws_secret_access_key=x\n",
            credentials: "[default]\n" + keys, .keys("AKIDFILE")),
        CredentialCase(
            "named profile", ["AWS_PROFILE": "ops"], config: "[profile ops]\n" + keys,
            .keys("AKIDFILE")),
        CredentialCase(
            "quoted profile name", ["AWS_PROFILE": "my ops"],
            config: "[profile \"my ops\"]\n" + keys,
            .keys("AKIDFILE")),
        CredentialCase(
            "a section that is no profile", ["AWS_PROFILE": "ops"], config: "[ops]\n" + keys,
            .error("AWS_PROFILE names it")),
        CredentialCase(
            "missing profile", ["AWS_PROFILE": "gone"], credentials: "[default]\n" + keys,
            .error("profile \"gone\"")),
        CredentialCase(
            "missing profile is an error even with variables",
            env.merging(["AWS_PROFILE": "gone"]) { $1 }, .error("profile \"gone\"")),
        CredentialCase(
            "AWS_DEFAULT_PROFILE before AWS_PROFILE",
            ["AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"],
            credentials: "[a]\naws_access_key_id=A\naws_secret_access_key=x\n[b]\n" + keys,
            .keys("AKIDFILE")),
        CredentialCase(
            "comments, blanks, upper case, nested settings, colons",
            config: """
                # comment
                [default]
                ; comment
                S3 =
                    max_concurrent_requests = 20
                    # comment inside
                    addressing_style = path

                AWS_Access_Key_Id:AKIDFILE
                aws_secret_access_key   =   a=b:c # not a comment
                """, .keys("AKIDFILE")),
        CredentialCase(
            "carriage returns",
            credentials: "[default]\r\n"
                + keys.replacingOccurrences(of: "\n", with: "\r\n"), .keys("AKIDFILE")),
        CredentialCase(
            "other files by variable",
            ["AWS_CONFIG_FILE": "~/other", "AWS_SHARED_CREDENTIALS_FILE": "HOME/none"],
            config: "", .keys("AKIDOTHER")),
        CredentialCase(
            "key without secret in a file", credentials: "[default]\naws_access_key_id = A\n",
            .error("aws_access_key_id without aws_secret_access_key")),
        CredentialCase(
            "a line that is no setting", env, config: "[default]\nsecret-without-a-name\n",
            .error("line 2: neither")),
        CredentialCase(
            "a setting before any section", config: "region = x\n[default]\n",
            .error("line 1: a setting before")),
        CredentialCase(
            "a section twice", credentials: "[default]\n\(keys)[default]\n",
            .error("is there twice")),
        CredentialCase(
            "a setting twice", credentials: "[default]\n\(keys)\(keys)", .error("is there twice")),
        CredentialCase(
            "SSO by name", config: "[default]\nsso_account_id = 1\nsso_role_name = r\n" + keys,
            .error("SSO profiles are not supported")),
        CredentialCase(
            "login by name", config: "[default]\nlogin_session = arn:aws:iam::1:user/x\n",
            .error("login profiles are not supported")),
    ]

    static let roles = [
        CredentialCase(
            "role with source_profile",
            config: "[default]\n\(role("ops", "source_profile = base"))[profile base]\n" + keys,
            .keys("ops by AKIDFILE", token: "token of ops by AKIDFILE")),
        CredentialCase(
            "role with everything",
            config: """
                [default]
                \(role("ops", "source_profile = base"))
                external_id = e/x:t
                role_session_name = loader@host
                duration_seconds = 1800
                """, credentials: "[base]\n" + keys,
            .keys(
                "ops by AKIDFILE ExternalId=e/x:t DurationSeconds=1800 RoleSessionName=loader@host")
        ),
        CredentialCase(
            "role of a role",
            config: "[default]\n\(role("top", "source_profile = mid"))"
                + "[profile mid]\n\(role("mid", "source_profile = base"))[profile base]\n" + keys,
            .keys("top by mid by AKIDFILE")),
        CredentialCase(
            "role before keys of the same profile",
            config: "[default]\n\(role("self", "source_profile = default"))" + keys,
            .keys("self by AKIDFILE")),
        CredentialCase(
            "keys of a source profile before its role",
            config: "[default]\n\(role("top", "source_profile = mid"))"
                + "[profile mid]\n\(role("mid", "source_profile = default"))" + keys,
            .keys("top by AKIDFILE")),
        CredentialCase(
            "circle",
            config: "[default]\n\(role("a", "source_profile = b"))"
                + "[profile b]\n\(role("b", "source_profile = default"))",
            .error("in a circle: default -> b -> default")),
        CredentialCase(
            "itself without keys", config: "[default]\n\(role("a", "source_profile = default"))",
            .error("in a circle")),
        CredentialCase(
            "missing source profile", config: "[default]\n\(role("a", "source_profile = gone"))",
            .error("source_profile \"gone\" does not exist")),
        CredentialCase(
            "source profile without keys",
            config: "[default]\n\(role("a", "source_profile = b"))[profile b]\nregion = x\n",
            .error("source_profile \"b\" has no credentials")),
        CredentialCase(
            "source profile with a process",
            config: "[default]\n\(role("a", "source_profile = b"))[profile b]\n\(process)\n",
            .keys("a by AKIDPROCESS")),
        CredentialCase(
            "role without source", config: "[default]\n\(role("a", ""))" + keys,
            .error("neither source_profile nor credential_source")),
        CredentialCase(
            "role with both sources",
            config:
                "[default]\n\(role("a", "source_profile = b\ncredential_source = Environment"))",
            .error("both source_profile and credential_source")),
        CredentialCase(
            "unknown credential_source",
            config: "[default]\n\(role("a", "credential_source = Moon"))",
            .error("\"Moon\" is not one of")),
        CredentialCase(
            "credential_source Environment is below the variables themselves",
            env, config: "[default]\n\(role("a", "credential_source = Environment"))",
            .keys("AKIDENV")),
        CredentialCase(
            "credential_source without credentials",
            config: "[default]\n\(role("a", "credential_source = Environment"))",
            .error("has no credentials: AWS_ACCESS_KEY_ID is not set")),
        CredentialCase(
            "credential_source EcsContainer",
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/container?id=1"],
            config: "[default]\n\(role("a", "credential_source = EcsContainer"))",
            .keys("a by CONTAINER")),
        CredentialCase(
            "credential_source Ec2InstanceMetadata",
            ["AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "URL"],
            config: "[default]\n\(role("a", "credential_source = Ec2InstanceMetadata"))",
            .keys("a by INSTANCE instance-role")),
        CredentialCase(
            "role that is denied stops the chain",
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/container?id=1"],
            config: "[default]\n\(role("denied", "source_profile = b"))[profile b]\n" + keys,
            .error("AccessDenied")),
        CredentialCase(
            "multi-factor by name",
            config: "[default]\n\(role("a", "source_profile = b\nmfa_serial = x"))[profile b]\n"
                + keys,
            .error("mfa_serial"), asBotocore: false),
        CredentialCase(
            "duration that is no number",
            config: "[default]\n\(role("a", "source_profile = b\nduration_seconds = 1h"))"
                + "[profile b]\n" + keys, .error("duration_seconds"), asBotocore: false),
    ]
}

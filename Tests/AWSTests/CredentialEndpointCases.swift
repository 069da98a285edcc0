@testable import AWS

extension CredentialCase {
    static let token = ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"]
    static let roleARN = ["AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web"]

    static let webIdentity = [
        CredentialCase(
            "web identity", token.merging(roleARN) { $1 },
            .keys("web by web-token", token: "token of web by web-token")),
        CredentialCase(
            "web identity with a session name",
            token.merging(roleARN) { $1 }.merging(["AWS_ROLE_SESSION_NAME": "pod-1"]) { $1 },
            .keys("web by web-token RoleSessionName=pod-1")),
        CredentialCase(
            "web identity before files", token.merging(roleARN) { $1 },
            credentials: "[default]\n" + keys, .keys("web by web-token")),
        CredentialCase(
            "web identity in a profile",
            config: "[default]\n\(role("web", "web_identity_token_file = HOME/token"))"
                + "role_session_name = me\n", .keys("web by web-token RoleSessionName=me")),
        CredentialCase(
            "web identity without role", token, credentials: "[default]\n" + keys,
            .error("set AWS_ROLE_ARN")),
        CredentialCase(
            "web identity without the file",
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/none"].merging(roleARN) { $1 },
            credentials: "[default]\n" + keys, .error("HOME/none cannot be read")),
        CredentialCase(
            "a source profile does not take the web identity of the variables",
            token.merging(roleARN) { $1 },
            config: "[default]\n\(role("top", "source_profile = b"))[profile b]\n" + keys,
            .keys("top by AKIDFILE")),
        CredentialCase(
            "source profile with a web identity",
            config: "[default]\n\(role("top", "source_profile = b"))"
                + "[profile b]\n\(role("web", "web_identity_token_file = HOME/token"))",
            .keys("top by web by web-token")),
    ]

    static let processes = [
        CredentialCase(
            "process", config: "[default]\n\(process)\n", .keys("AKIDPROCESS", token: "t")),
        CredentialCase(
            "process with quoted words",
            config: "[default]\ncredential_process = \"HOME/pro cess\" 'a  b' c\\ d \"e\\\"f\"\n",
            .keys("4 a  b|c d|e\"f")),
        CredentialCase(
            "credentials file before process",
            config: "[default]\n\(process)\n", credentials: "[default]\n" + keys, .keys("AKIDFILE")),
        CredentialCase(
            "process before config file", config: "[default]\n\(process)\n" + keys,
            .keys("AKIDPROCESS")),
        CredentialCase(
            "process that fails", config: "[default]\ncredential_process = HOME/fails\n",
            .error("status 3: sign in first")),
        CredentialCase(
            "process of another version", config: "[default]\ncredential_process = HOME/two\n",
            .error("\"Version\" is 2")),
        CredentialCase(
            "process without a secret", config: "[default]\ncredential_process = HOME/half\n",
            .error("\"SecretAccessKey\" is missing")),
        CredentialCase(
            "process that prints something else",
            config: "[default]\ncredential_process = /bin/echo hello\n",
            .error("not a JSON object")),
        CredentialCase(
            "process that is not there", config: "[default]\ncredential_process = HOME/gone\n",
            .error("cannot be started")),
        CredentialCase(
            "process with an open quote", config: "[default]\ncredential_process = 'x\n",
            .error("left open")),
        CredentialCase(
            "no shell", config: "[default]\ncredential_process = /bin/echo $HOME && HOME/process\n",
            .error("not a JSON object")),
        CredentialCase(
            "process that leaves another behind",
            config: "[default]\ncredential_process = HOME/leaves\n",
            .keys("AKIDPROCESS", token: "t"), asBotocore: false),
        CredentialCase(
            "much standard error", config: "[default]\ncredential_process = HOME/loud\n",
            .keys("AKIDPROCESS", token: "t")),
    ]

    static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    static let metadata = "AWS_EC2_METADATA_SERVICE_ENDPOINT"

    static let endpoints = [
        CredentialCase(
            "container", [full: "URL/container?id=1"],
            .keys("CONTAINER", token: "token of CONTAINER")),
        CredentialCase(
            "container with a token",
            [
                full: "URL/container/token",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Bearer container-token",
            ],
            .keys("CONTAINER TOKEN")),
        CredentialCase(
            "container with a token file",
            [
                full: "URL/container/token",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/bearer",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong",
            ], .keys("CONTAINER TOKEN")),
        CredentialCase(
            "container without its token", [full: "URL/container/token"], .error("answered 401")),
        CredentialCase(
            "container token with a line end",
            [full: "URL/container/token", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nX: y"],
            .error("has a line end")),
        CredentialCase(
            "container that answers the third time", [full: "URL/container/flaky/CASE"],
            .keys("CONTAINER FLAKY")),
        CredentialCase(
            "container that answers something else", [full: "URL/container/garbled"],
            .error("not a JSON object")),
        CredentialCase(
            "container that redirects", [full: "URL/container/redirect"], .error("answered 302"),
            asBotocore: false),
        CredentialCase(
            "container elsewhere", [full: "http://credentials.example.com/x"],
            .error("use https")),
        CredentialCase(
            "container with a name that begins like this machine's",
            [full: "http://127.0.0.1.example.com/x"], .error("use https")),
        CredentialCase(
            "instance metadata", ["AWS_EC2_METADATA_DISABLED": "", metadata: "URL"],
            .keys("INSTANCE instance-role", token: "token of INSTANCE instance-role")),
        CredentialCase(
            "instance metadata switched off", [metadata: "URL"],
            .error("AWS_EC2_METADATA_DISABLED is true")),
        CredentialCase(
            "instance without a role", ["AWS_EC2_METADATA_DISABLED": "", metadata: "URL/norole"],
            .error("answered 404")),
        CredentialCase(
            "instance whose role fails",
            ["AWS_EC2_METADATA_DISABLED": "false", metadata: "URL/failing"],
            .error("AssumeRoleUnauthorizedAccess")),
        CredentialCase(
            "instance metadata version 1 is never asked",
            ["AWS_EC2_METADATA_DISABLED": "", metadata: "URL/v1only"], .error("answered 405"),
            asBotocore: false),
        CredentialCase(
            "instance metadata that is silent",
            ["AWS_EC2_METADATA_DISABLED": "", metadata: "URL/stalled"], .error("/latest/api/token"),
            asBotocore: false),
        CredentialCase(
            "instance metadata that is not there",
            ["AWS_EC2_METADATA_DISABLED": "", metadata: "http://127.0.0.1:9"],
            .error("curl 7")),
    ]
}

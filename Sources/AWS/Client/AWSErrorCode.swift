/// What the codes in AWS's answers mean to us.
enum AWSErrorCode {
    /// Codes of our own, where no service gave one.
    static let interrupted = "Interrupted"
    static let transport = "TransportError"
    static let tooLarge = "AnswerTooLarge"
    static let invalidResponse = "InvalidResponse"
    static let checksumMismatch = "ChecksumMismatch"
    static let contentRangeMismatch = "ContentRangeMismatch"
    static let lengthMismatch = "LengthMismatch"

    // AWS SDKs and Tools Reference, "Retry behavior": the codes of the standard mode.
    static let throttling: Set<String> = [
        "SlowDown", "Throttling", "ThrottlingException", "ThrottledException",
        "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "TooManyRequests", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "EC2ThrottledException", "PriorRequestNotComplete",
        "KMS.ThrottlingException", "OverLimit",
    ]
    static let transient: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure",
        "ServiceUnavailable", "ServiceUnavailableException", "IDPCommunicationError",
        "InternalServiceErrorException", "MarketplaceCommerceAnalyticsException",
    ]
    static let invalid: Set<String> = [
        "InvalidParameterException", "ValidationException", "ValidationError",
        "SerializationException", "InvalidParameterValue",
    ]
    static let accessDenied: Set<String> = [
        "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "AuthorizationError",
        "UnauthorizedOperation", "KMS.AccessDeniedException", "KmsAccessDenied",
        "AccountProblem",
    ]
    static let notFound: Set<String> = [
        "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NotFound", "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue", "ResourceNotFoundException",
    ]
    /// What AWS says of keys that it does not take, or no longer: a session that has run out, or
    /// long-lived keys that were rotated since they were read.
    ///
    /// Also SignatureDoesNotMatch: a file that was read between two writes holds half of each pair.
    static let refusedKeys: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired",
        "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException",
        "InvalidToken", "InvalidSecurityToken", "InvalidTokenId", "AuthFailure",
        "NotAuthorized", "IncompleteSignature", "IncompleteSignatureException",
        "SignatureDoesNotMatch", "InvalidSignatureException", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    ]

    /// The permission, where it is not called as the action is or the service's id.
    ///
    /// Service Authorization Reference, "Actions, resources, and condition keys".
    static let action = [
        "HeadObject": "GetObject", "ListObjectsV2": "ListBucket",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "DeleteMessageBatch": "DeleteMessage", "SendMessageBatch": "SendMessage",
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "GenerateDataSet": "marketplacecommerceanalytics:GenerateDataSet",
        "StartSupportDataExport": "marketplacecommerceanalytics:StartSupportDataExport",
        "GetEntitlements": "aws-marketplace:GetEntitlements",
    ]

    static let authorityAdvice =
        "Set AWS_CA_BUNDLE to the PEM file of the authority that signed its certificate"

    static let variantAdvice =
        "AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT asks for this host, which the service "
        + "may not have in this region: unset it"

    static let advice = [
        "NoSuchBucket": "Check the bucket's name, and that it was not deleted",
        "NoSuchKey": "The object was deleted or never existed; its announcement can be dropped",
        "PermanentRedirect":
            "The bucket is in another region: set AWS_REGION to that one, or the seller's --region",
        "AuthorizationHeaderMalformed": "The bucket is in another region: set AWS_REGION to it",
        "InvalidObjectState": "The object is archived: restore it first",
        "SignatureDoesNotMatch": "Check the secret access key and this machine's clock",
        "InvalidAccessKeyId": "The access key does not exist or is of another partition",
        "InvalidClientTokenId": "The access key does not exist or is of another partition",
        "ExpiredToken": "The session's credentials have run out: renew their source",
        "ExpiredTokenException": "The session's credentials have run out: renew their source",
        "RequestTimeTooSkewed": "Set this machine's clock",
        "QueueDoesNotExist": "Check the queue's URL, its account and its region",
        "AWS.SimpleQueueService.NonExistentQueue":
            "Check the queue's URL, its account and its region",
        "KMS.DisabledException": "Enable the key that encrypts the object",
        checksumMismatch: "The bytes were damaged on their way or at rest: load it again",
    ]
}

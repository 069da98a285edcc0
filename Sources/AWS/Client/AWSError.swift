/// A call that AWS refused, or that never reached it.
package struct AWSError: Error, Sendable {
    /// The service's id, as `S3`.
    package let service: String
    /// The action, as in a policy: `GetObject`.
    package let operation: String
    /// What was asked for: `s3://bucket/key`, a queue or a topic; empty if nothing.
    package let resource: String
    /// The service's own code, or one of `AWSErrorCode` where it gave none.
    package let code: String
    /// The service's own words, or libcurl's.
    package let message: String
    /// Nil where no answer came.
    package let httpStatus: Int?
    /// What AWS Support asks for.
    package let requestID: String?
    /// A `CURLcode`; nil where an answer came.
    package let curlCode: Int?
    /// The region in which S3 says the bucket is.
    package let bucketRegion: String?
    /// True where libcurl's trouble may pass.
    let isTransportTransient: Bool

    /// The call's target does not exist.
    package var isNotFound: Bool {
        httpStatus == 404 || AWSErrorCode.notFound.contains(code)
    }

    /// The identity lacks a permission.
    package var isAccessDenied: Bool { AWSErrorCode.accessDenied.contains(code) }

    /// The service wants fewer requests.
    package var isThrottling: Bool {
        httpStatus == 429 || httpStatus == 503 || AWSErrorCode.throttling.contains(code)
    }

    /// The service found the question itself wrong, as an unknown product is.
    package var isInvalid: Bool { AWSErrorCode.invalid.contains(code) }

    /// The service may have done what was asked, though nobody heard of it.
    package var mayHaveSucceeded: Bool {
        if isInterrupted { return true }
        if let httpStatus { return (200..<300).contains(httpStatus) }
        guard let curlCode else { return false }
        // libcurl: no proxy, no host, no connection, no TLS; nothing was sent then.
        return ![0, 5, 6, 7, 35, 58, 60, 77].contains(curlCode)
    }

    /// The same call may well succeed a little later.
    package var isTransient: Bool {
        isTransportTransient || isThrottling || AWSErrorCode.transient.contains(code)
            || [500, 502, 503, 504].contains(httpStatus)
    }

    /// The caller's `stop` ended the call.
    package var isInterrupted: Bool { code == AWSErrorCode.interrupted }
}

extension AWSError: CustomStringConvertible {
    /// Where, what, and what to do about it.
    package var description: String {
        let place = resource.isEmpty ? "\(service) \(operation)" : "\(resource): \(operation)"
        let status = httpStatus.map { " (HTTP \($0)\(requestID.map { ", request \($0)" } ?? ""))" }
        let curl = curlCode.map { $0 == 0 ? "" : " (curl \($0))" }
        let told = message.isEmpty ? code : "\(code): \(message)"
        return "\(place): \(told)\(status ?? "")\(curl ?? "")\(advice.map { ". \($0)" } ?? "")"
    }

    private var advice: String? {
        if isAccessDenied { return accessAdvice }
        if curlCode == 60 || curlCode == 77 { return AWSErrorCode.authorityAdvice }
        if curlCode == 6, message.contains("-fips.") || message.contains("api.a") {
            return AWSErrorCode.variantAdvice
        }
        return AWSErrorCode.advice[code]
    }

    private var accessAdvice: String {
        // S3 names KMS in the message when the object was readable but its key was not.
        if code.hasPrefix("KMS.") || message.contains("kms:") || message.contains("KMS") {
            return "Allow kms:Decrypt on the key that encrypts it, in the role's policy and "
                + "in the key's"
        }
        let named = AWSErrorCode.action[operation] ?? operation
        let action = named.contains(":") ? named : "\(service.lowercased()):\(named)"
        let advice = "Allow \(action) on it, in the role's policy and in the resource's"
        guard operation == "HeadObject" || operation == "GetObject" else { return advice }
        return advice + "; without s3:ListBucket a key that does not exist is refused this way too"
    }
}

import Diagnostics
import Transfers

/// What a store's answer means that is not what was asked for.
struct StoreFailure {
    let request: StoreRequest
    let settings: StoreSettings
    let head: HTTPHead
    /// The store's own word for it, such as `NoSuchKey`; heads alone have none.
    let code: String?

    init(_ request: StoreRequest, _ settings: StoreSettings, _ head: HTTPHead, body: [UInt8]) {
        (self.request, self.settings, self.head) = (request, settings, head)
        code = StoreXML(body).first("Code")
    }

    /// Statuses and words of stores that are overloaded, or being restarted.
    private static let transient: Set<Int> = [408, 425, 429, 500, 502, 503, 504]
    private static let transientCodes: Set<String> = [
        "InternalError", "OperationAborted", "RequestTimeout", "ServiceUnavailable", "SlowDown",
        "XAmzContentSHA256Mismatch",
    ]

    /// Words for what the credentials do not allow; some have status 400.
    private static let deniedCodes: Set<String> = [
        "AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken",
        "RequestTimeTooSkewed", "SignatureDoesNotMatch", "TokenRefreshRequired",
    ]

    /// The error: a `TransferFailure` when trying again may help.
    var error: any Error {
        if Self.transient.contains(head.status) || code.map(Self.transientCodes.contains) == true {
            return TransferFailure(
                error: failure(.networkFailed, "the store answers", "Try again later."),
                retryAfter: head["retry-after"].flatMap { Int($0) }
            )
        }
        if let region = head["x-amz-bucket-region"], region != settings.region,
            [301, 307, 400, 403].contains(head.status)
        {
            return failure(
                .notPermitted,
                "the bucket is in another region",
                "Set AWS_REGION to \(visible(region, limit: 40))."
            )
        }
        if code.map(Self.deniedCodes.contains) == true { return denied }
        switch head.status {
        case 401, 403: return denied
        case 404: return missing
        case 412:
            return failure(
                .inputOutput,
                "it has been changed meanwhile",
                "Run the same command again when nobody writes to it."
            )
        case 301, 307:
            return failure(
                .notPermitted,
                "the store is at another address",
                "Check AWS_REGION and AWS_ENDPOINT_URL."
            )
        default:
            return failure(
                .inputOutput,
                "the store does not do it",
                "Check AWS_REGION and AWS_ENDPOINT_URL, and try again later."
            )
        }
    }

    private var denied: EightCutError {
        switch code {
        case "RequestTimeTooSkewed":
            failure(.notPermitted, "this machine's clock is wrong", "Set the clock.")
        case "ExpiredToken", "TokenRefreshRequired":
            failure(
                .notPermitted,
                "the credentials have expired",
                "Get new ones, and set AWS_SESSION_TOKEN with them."
            )
        case "SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidToken":
            failure(
                .notPermitted,
                "the store does not accept the credentials",
                "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."
            )
        default:
            failure(
                .notPermitted,
                "the store refuses it",
                "Check the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that "
                    + (request.isWriting
                        ? "they may write there." : "they may read the object and list the bucket.")
            )
        }
    }

    private var missing: EightCutError {
        if code == "NoSuchBucket" || request.key.isEmpty {
            return failure(
                request.isWriting ? .outputUnusable : .inputMissing,
                "there is no such bucket",
                "Check its name, and AWS_ENDPOINT_URL."
            )
        }
        return failure(
            request.isWriting ? .inputOutput : .inputMissing,
            "there is no such object",
            "Check the key: upper and lower case, spaces and slashes count."
        )
    }

    private func failure(_ error: ErrorCode, _ why: String, _ remedy: String) -> EightCutError {
        let answer = code.map { visible($0, limit: 60) + ", status" } ?? "status"
        return EightCutError(
            error,
            request.what,
            on: request.address.description,
            because: "\(why) (\(answer) \(head.status))",
            remedy: remedy
        )
    }
}

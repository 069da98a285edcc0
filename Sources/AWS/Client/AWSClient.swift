internal import FoundationEssentials

/// Signs calls, sends them, and tries again what is worth it.
///
/// It belongs to one thread or task: it holds one connection pool, one retry budget and
/// what it has learned of the difference between this machine's clock and AWS's.
package final class AWSClient {
    /// Region and endpoints.
    package let configuration: AWSConfiguration
    private let provider: (any CredentialProvider)?
    private let http: HTTPClient
    private let policy: RetryPolicy
    private let time: AWSTime
    private var budget = RetryBudget()
    private var clockOffsetSeconds = 0.0

    // Beyond five minutes AWS refuses a signature; below four it cannot have been the reason.
    private static let clockSkewSecondsMin = 240.0
    // A stop is noticed at least so often during a pause.
    private static let pauseSliceSeconds = 0.1

    /// A client without any connection yet; without credentials it signs nothing.
    package init(
        configuration: AWSConfiguration, credentials: (any CredentialProvider)?,
        http: HTTPClient = HTTPClient(), policy: RetryPolicy = RetryPolicy(),
        time: AWSTime = .system
    ) {
        self.configuration = configuration
        provider = credentials
        self.http = http
        self.policy = policy
        self.time = time
    }

    /// Sends a call and returns its successful answer.
    ///
    /// Throws `AWSError`, or what the credentials' provider throws. `stop` is asked during
    /// the transfer and between attempts.
    package func perform(_ call: AWSCall, stop: (() -> Bool)? = nil) throws -> HTTPResponse {
        try attempts(of: call, stop: stop) { request in
            do throws(HTTPError) {
                return answer(to: call, try http.perform(request, stop: stop))
            } catch {
                return .failed(AWSError(call, error), nil)
            }
        }
    }

    /// Sends a call and lends the bytes of its answer to `body` as they come.
    ///
    /// Until `head` is called a call is tried again like any other; from then on the error
    /// that cut the body short is returned, nil if there was none. Errors of the closures
    /// are rethrown unchanged.
    package func stream(
        _ call: AWSCall, stop: (() -> Bool)? = nil,
        head: (HTTPResponse) throws -> Void, body: (RawSpan) throws -> Void
    ) throws -> AWSError? {
        try attempts(of: call, stop: stop) { request in
            var hasHead = false
            var thrown: (any Error)?
            do {
                let response = try http.stream(request, stop: stop) { response in
                    hasHead = true
                    do { try head(response) } catch { thrown = error; throw error }
                } body: { bytes in
                    do { try body(bytes) } catch { thrown = error; throw error }
                }
                guard case .failed(let error, let response) = answer(to: call, response) else {
                    return .answered(nil)
                }
                return .failed(error, response)
            } catch {
                if let thrown { throw thrown }
                guard let failure = error as? HTTPError else { throw error }
                let error = AWSError(call, failure)
                return hasHead ? .answered(error) : .failed(error, nil)
            }
        }
    }

    /// Blocks before attempt number `attempt`; throws `Interrupted` as soon as `stop` says so.
    func pause(before attempt: Int, of call: AWSCall, stop: (() -> Bool)?) throws {
        try pause(policy.pauseSeconds(before: attempt, retryAfter: nil), call, stop)
    }
}

/// How one attempt ended.
private enum Attempt<Answer> {
    case answered(Answer)
    case failed(AWSError, HTTPResponse?)
}

extension AWSClient {
    private func answer(to call: AWSCall, _ response: HTTPResponse) -> Attempt<HTTPResponse> {
        response.isSuccess ? .answered(response) : .failed(AWSError(call, response), response)
    }

    private func attempts<Answer>(
        of call: AWSCall, stop: (() -> Bool)?,
        _ send: (HTTPRequest) throws -> Attempt<Answer>
    ) throws -> Answer {
        var history = AttemptHistory()
        while true {
            history.attempt += 1
            switch try send(signed(call)) {
            case .answered(let answer):
                budget.succeed()
                return answer
            case .failed(let error, let response):
                try recover(from: error, response, call, &history, stop: stop)
            }
        }
    }

    // Returns if the call is to be tried again, throws the error if not.
    private func recover(
        from error: AWSError, _ response: HTTPResponse?, _ call: AWSCall,
        _ history: inout AttemptHistory, stop: (() -> Bool)?
    ) throws {
        if let provider, mendSignature(after: error, response, &history, by: provider) { return }
        guard error.isTransient, history.attempt < policy.attemptsMax,
            budget.spend(timeout: error.curlCode == 28)
        else { throw error }
        let seconds = policy.pauseSeconds(
            before: history.attempt + 1, retryAfter: response.flatMap(retryAfterSeconds))
        try pause(seconds, call, stop)
    }

    // What can be wrong with a signature is mended once each: the clock and the keys.
    private func mendSignature(
        after error: AWSError, _ response: HTTPResponse?, _ history: inout AttemptHistory,
        by provider: any CredentialProvider
    ) -> Bool {
        if !history.hasSetClock, let response, setClock(after: response) {
            history.hasSetClock = true
            return true
        }
        guard !history.hasRenewed, AWSErrorCode.refusedKeys.contains(error.code) else {
            return false
        }
        history.hasRenewed = true
        provider.invalidate()
        return true
    }

    private func signed(_ call: AWSCall) throws -> HTTPRequest {
        var request = call.request
        if let provider {
            let now = time.now().addingTimeInterval(clockOffsetSeconds)
            let signer = SigV4(
                credentials: try provider.credentials(now: now), region: call.region,
                service: call.service.signingName)
            request = signer.sign(request, payload: call.payload, date: now)
        }
        request.setHeader("User-Agent", "sluice")
        return request
    }

    // Services name a wrong clock in different ways, and the answer to a HEAD names nothing;
    // a refusal from a server whose clock is far from ours is reason enough to try theirs.
    private func setClock(after response: HTTPResponse) -> Bool {
        guard [400, 401, 403].contains(response.status),
            let theirs = response.headers["Date"].flatMap(HTTPDate.parse)
        else { return false }
        let offset = theirs.timeIntervalSince(time.now())
        guard abs(offset - clockOffsetSeconds) > Self.clockSkewSecondsMin else { return false }
        clockOffsetSeconds = offset
        return true
    }

    // RFC 9110 §10.2.3: seconds or a date.
    private func retryAfterSeconds(_ response: HTTPResponse) -> Double? {
        guard let value = response.headers["Retry-After"] else { return nil }
        if let seconds = Double(value) { return seconds.isFinite ? seconds : nil }
        return HTTPDate.parse(value)?.timeIntervalSince(time.now())
    }

    private func pause(_ seconds: Double, _ call: AWSCall, _ stop: (() -> Bool)?) throws {
        var rest = seconds
        while true {
            if let stop, stop() {
                throw AWSError(call, code: AWSErrorCode.interrupted, "stopped between attempts")
            }
            guard rest > 0 else { return }
            let slice = stop == nil ? rest : min(rest, Self.pauseSliceSeconds)
            time.sleep(slice)
            rest -= slice
        }
    }
}

/// What has been tried already for one call.
private struct AttemptHistory {
    var attempt = 0
    var hasSetClock = false
    var hasRenewed = false
}

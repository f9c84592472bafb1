import Diagnostics
import Processes

/// Runs curl: one request, one process.
enum Curl {
    /// Gets the pieces of a body.
    typealias BodyReader = (UnsafeRawBufferPointer) throws -> Void

    /// Ends curl when the head is enough.
    private struct BodyNotWanted: Error {
        let head: HTTPHead
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - token: the secret that goes along, if any.
    ///   - reader: gets the head; returns who reads the body, nil if nobody does.
    /// - Returns: the head of the answer.
    /// - Throws: `TransferFailure` when trying again may help, else `EightCutError`, or what
    ///   `reader` and the body's reader throw.
    nonisolated(nonsending) static func run(
        _ request: HubRequest,
        token: String?,
        _ reader: (HTTPHead) throws -> BodyReader?
    ) async throws -> HTTPHead {
        let config = try request.config(token: token).text
        // In its own session: a terminal's Ctrl-C ends it through us, after its output was kept.
        let curl = ChildProcess(.name("curl"), ["--disable", "--config", "-"])
        do {
            let (result, exit) = try await curl.run(
                input: .piped,
                output: .piped,
                errors: .piped
            ) { child in
                async let lastLine = lastLine(of: child.errors)
                try await configure(child, config)
                let head = try await read(child.output, of: request, reader)
                return (head: head, lastLine: try await lastLine)
            }
            guard exit.isSuccess, let head = result.head else {
                throw CurlEnd.failure(exit, message: result.lastLine, on: request.url)
            }
            return head
        } catch let stop as BodyNotWanted {
            return stop.head
        } catch let error as ChildProcessError {
            throw CurlEnd.startError(error)
        }
    }

    private static func configure(_ child: RunningChild, _ config: String) async throws {
        do {
            try await child.input.write(config)
            try await child.input.close()
        } catch ChildProcessError.inputClosed {
            // It has exited already: its exit status is the reason.
        }
    }

    private static func lastLine(of errors: ChildOutput) async throws -> String? {
        var last: String?
        for try await line in errors.terminalLines where !line.isEmpty { last = visible(line) }
        return last
    }

    nonisolated(nonsending) private static func read(
        _ output: ChildOutput,
        of request: HubRequest,
        _ reader: (HTTPHead) throws -> BodyReader?
    ) async throws -> HTTPHead? {
        var heads = HTTPHeadReader()
        var found: HTTPHead?
        var body: BodyReader?
        for try await buffer in output {
            try Task.checkCancellation()
            try buffer.withUnsafeBytes { bytes in
                if let body { return try body(bytes) }
                guard found == nil else { return }
                let (head, start): (HTTPHead, [UInt8])
                switch heads.add(bytes) {
                case .incomplete: return
                case .broken: throw CurlEnd.noHTTP(request.url)
                case .head(let complete, let body): (head, start) = (complete, body)
                }
                found = head
                body = request.isHead ? nil : try reader(head)
                guard let body else {
                    if request.isHead { return }
                    throw BodyNotWanted(head: head)
                }
                if !start.isEmpty { try start.withUnsafeBytes(body) }
            }
        }
        return found
    }
}

/// What curl's exit status means.
enum CurlEnd {
    /// Statuses that no second try changes: the server's certificate is not trusted, curl lacks
    /// what it needs. All others are transient failures of the network.
    private static let lasting: Set<Int32> = [1, 2, 3, 4, 27, 48, 51, 53, 58, 59, 60, 66, 77, 100]

    /// The error for a curl that has failed.
    static func failure(
        _ exit: ChildExit,
        message: String?,
        on url: HubURL
    ) -> any Error {
        switch exit {
        case .exited(let status):
            let error = EightCutError(
                .networkFailed,
                "cannot download from",
                on: url.authority,
                because: reason(status, message),
                remedy: status == 60 || status == 77
                    ? "Check the system's certificates (package ca-certificates) and its clock."
                    : "Check the connection and run the same command again: "
                        + "what was downloaded is kept."
            )
            return lasting.contains(status) ? error : TransferFailure(error: error)
        case .signaled(let signal):
            return EightCutError(
                .toolFailed,
                "cannot download from",
                on: url.authority,
                because: "curl was ended by signal \(signal)",
                remedy: "Run the same command again: what was downloaded is kept."
            )
        }
    }

    private static func reason(_ status: Int32, _ message: String?) -> String {
        // A line of the head has more than 100 kB: "too large" (100) to newer versions of curl,
        // "out of memory" (27) to older ones.
        if status == 27 || status == 100 {
            return "the head of its answer is too long, or there is too little memory"
        }
        return message ?? "curl ended with status \(status) before an answer had come"
    }

    /// The error for a server that does not answer in HTTP.
    static func noHTTP(_ url: HubURL) -> EightCutError {
        EightCutError(
            .networkFailed,
            "cannot download from",
            on: url.authority,
            because: "its answer is not HTTP, or its head is too long"
        )
    }

    /// The error for a curl that could not be started.
    static func startError(_ error: ChildProcessError) -> EightCutError {
        error.error(
            "cannot download",
            on: nil,
            remedy: "Install curl (on Debian and Ubuntu: sudo apt install curl)."
        )
    }
}

/// A transfer that may succeed when it is tried again.
struct TransferFailure: Error {
    /// The error if it does not.
    let error: EightCutError
    /// Seconds that the server asks to wait.
    var retryAfter: Int?
}

/// Retries after transient failures of the network, with growing pauses.
struct Retry: Sendable {
    /// How often without getting any further.
    static let limit = 5
    /// The bytes that count as getting further.
    static let leastAdvance = 1 << 16

    /// Told before every pause.
    let note: @Sendable (String) -> Void
    private var failures = 0

    init(note: @escaping @Sendable (String) -> Void) {
        self.note = note
    }

    /// Does something until it succeeds.
    ///
    /// - Throws: the last failure's error, or what else `body` throws.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        var retry = self
        while true {
            do {
                return try await body()
            } catch let failure as TransferFailure {
                try await retry.pause(after: failure, hasAdvanced: false)
            }
        }
    }

    /// Waits before the next try.
    ///
    /// - Parameters:
    ///   - failure: what went wrong.
    ///   - hasAdvanced: whether bytes have come since the last failure, so that all tries are
    ///     open again.
    /// - Throws: the failure's error when it was the last try.
    mutating func pause(after failure: TransferFailure, hasAdvanced: Bool) async throws {
        if hasAdvanced { failures = 0 }
        guard failures < Self.limit else { throw failure.error }
        // 0.5, 1, 2, 4, 8 seconds, or what the server asks for, within reason.
        let own = 500 << failures
        let pause = max(own, min(failure.retryAfter ?? 0, 60) * 1000)
        failures += 1
        note("\(failure.error.why); trying again in \(Double(pause) / 1000) s")
        try await Task.sleep(for: .milliseconds(pause))
    }
}

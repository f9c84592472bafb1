import Diagnostics
import Processes

/// A request that curl sends.
package struct CurlRequest: Sendable {
    /// The options of curl, the address and secrets included.
    package var config: CurlConfig
    /// Whether only the head of the answer is wanted.
    package var isHead: Bool
    /// How its failures are described.
    package var failures: CurlFailures

    package init(config: CurlConfig, isHead: Bool = false, failures: CurlFailures) {
        self.config = config
        self.isHead = isHead
        self.failures = failures
    }
}

/// Runs curl: one request, one process.
package enum Curl {
    /// Gets the pieces of a body.
    package typealias BodyReader = (UnsafeRawBufferPointer) throws -> Void

    /// Ends curl when the head is enough.
    private struct BodyNotWanted: Error {
        let head: HTTPHead
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - reader: gets the head; returns who reads the body, nil if nobody does.
    /// - Returns: the head of the answer.
    /// - Throws: `TransferFailure` when trying again may help, else `EightCutError`, or what
    ///   `reader` and the body's reader throw.
    package nonisolated(nonsending) static func run(
        _ request: CurlRequest,
        _ reader: (HTTPHead) throws -> BodyReader?
    ) async throws -> HTTPHead {
        do {
            let (result, exit) = try await process.run(
                input: .piped,
                output: .piped,
                errors: .piped
            ) { child in
                async let lastLine = lastLine(of: child.errors)
                try await configure(child, request.config)
                let head = try await read(child.output, of: request, reader)
                return (head: head, lastLine: try await lastLine)
            }
            guard exit.isSuccess, let head = result.head else {
                throw request.failures.failure(exit, message: result.lastLine)
            }
            return head
        } catch let stop as BodyNotWanted {
            return stop.head
        } catch let error as ChildProcessError {
            throw request.failures.startError(error)
        }
    }

    /// The program.
    package static let program = ChildProcess.Program.name("curl")

    /// Major and minor of the oldest version that signs requests as object stores want them.
    package static let leastSigningVersion = (7, 88)

    /// curl with a configuration on standard input. In its own session: a terminal's Ctrl-C ends it
    /// through us, after its output was kept.
    package static var process: ChildProcess {
        ChildProcess(program, ["--disable", "--config", "-"])
    }

    /// Gives a curl its configuration.
    package static func configure(_ child: RunningChild, _ config: CurlConfig) async throws {
        do {
            try await child.input.write(config.text)
            try await child.input.close()
        } catch ChildProcessError.inputClosed {
            // It has exited already: its exit status is the reason.
        }
    }

    /// The last line that a curl writes on standard error.
    package static func lastLine(of errors: ChildOutput) async throws -> String? {
        var last: String?
        for try await line in errors.terminalLines where !line.isEmpty { last = visible(line) }
        return last
    }

    nonisolated(nonsending) private static func read(
        _ output: ChildOutput,
        of request: CurlRequest,
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
                case .broken: throw request.failures.noHTTP
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

/// What errors say of transfers, and what curl's exit statuses mean.
package struct CurlFailures: Sendable {
    /// What cannot be done, before the name of the server: "cannot download from".
    private let what: String
    /// The server, or what is transferred.
    private let subject: String
    /// What helps when the network has failed.
    private let remedy: String
    /// What helps when curl was killed.
    private let again: String

    package init(_ what: String, _ subject: String, remedy: String, again: String) {
        self.what = what
        self.subject = subject
        self.remedy = remedy
        self.again = again
    }

    /// Statuses that no second try changes: the server's certificate is not trusted, curl lacks
    /// what it needs. All others are transient failures of the network.
    private static let lasting: Set<Int32> = [1, 2, 3, 4, 27, 48, 51, 53, 58, 59, 60, 66, 77, 100]

    /// The error for a curl that has failed.
    package func failure(_ exit: ChildExit, message: String?) -> any Error {
        switch exit {
        case .exited(let status):
            let error = EightCutError(
                .networkFailed,
                what,
                on: subject,
                because: reason(status, message),
                remedy: status == 60 || status == 77
                    ? "Check the system's certificates (package ca-certificates) and its clock."
                    : remedy
            )
            return Self.lasting.contains(status) ? error : TransferFailure(error: error)
        case .signaled(let signal):
            return EightCutError(
                .toolFailed,
                what,
                on: subject,
                because: "curl was ended by signal \(signal)",
                remedy: again
            )
        }
    }

    private func reason(_ status: Int32, _ message: String?) -> String {
        // A line of the head has more than 100 kB: "too large" (100) to newer versions of curl,
        // "out of memory" (27) to older ones.
        if status == 27 || status == 100 {
            return "the head of its answer is too long, or there is too little memory"
        }
        return message ?? "curl ended with status \(status) before an answer had come"
    }

    /// The error for a server that does not answer in HTTP.
    var noHTTP: EightCutError {
        EightCutError(
            .networkFailed,
            what,
            on: subject,
            because: "its answer is not HTTP, or its head is too long"
        )
    }

    /// The error for a curl that could not be started.
    package func startError(_ error: ChildProcessError) -> EightCutError {
        error.error(
            what,
            on: subject,
            remedy: PackageManager.current.advice(on: .curl)
        )
    }
}

import Diagnostics
import Processes

/// Runs curl: one request, one process.
enum Curl {
    /// Takes what comes of a body.
    typealias BodyReader = (UnsafeRawBufferPointer) throws -> Void

    /// Ends curl once the head has told enough.
    private struct BodyNotWanted: Error {
        let head: HTTPHead
    }

    /// Does a request.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - token: the secret that goes along, if any.
    ///   - reader: told the head; answers who reads the body, nil when nobody wants it.
    /// - Returns: the head of the answer.
    /// - Throws: `TransferFailure` when trying again may help, else `EightCutError`, or what
    ///   `reader` and the body's reader throw.
    nonisolated(nonsending) static func run(
        _ request: HubRequest,
        token: String?,
        _ reader: (HTTPHead) throws -> BodyReader?
    ) async throws -> HTTPHead {
        let config = try request.config(token: token).text
        // In its own session: a terminal's Ctrl-C ends it through us, after we have kept what came.
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
            // It has ended already: its exit status tells why.
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

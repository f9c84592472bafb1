import Diagnostics
import Subprocess
import SystemPackage

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
        var options = PlatformOptions()
        // A terminal's Ctrl-C ends it through us, after what has come was kept.
        options.createSession = true
        do {
            let result = try await Subprocess.run(
                .name("curl"),
                arguments: ["--disable", "--config", "-"],
                platformOptions: options,
                input: .string(config),
                output: .sequence,
                error: .string(limit: 1 << 16)
            ) { execution in
                try await read(execution.standardOutput, of: request, reader)
            }
            try Task.checkCancellation()
            guard result.terminationStatus.isSuccess, let head = result.closureResult else {
                throw CurlEnd.failure(
                    result.terminationStatus,
                    saying: result.standardError,
                    on: request.url
                )
            }
            return head
        } catch let stop as BodyNotWanted {
            return stop.head
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw CurlEnd.startError(error)
        }
    }

    nonisolated(nonsending) private static func read(
        _ output: SubprocessOutputSequence,
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

import Diagnostics
import FoundationEssentials
import Processes
import SystemPackage

/// `8cut masks sam --interactive` as a child process that keeps its model: requests go in line by
/// line, answers come out (docs/interactive.md).
@MainActor
final class InteractiveWorker {
    /// What the worker has answered.
    struct Answer: Sendable, Decodable {
        let event: String
        let id: Int?
        let frame: Int?
        let path: String?
        let message: String?
        let code: ErrorCode?
        let what: String?
        let why: String?
        let remedy: String?

        /// The error that it tells of.
        var error: EightCutError {
            EightCutError(
                code ?? .toolFailed,
                what ?? "cannot find the object",
                because: why ?? message ?? "the worker did not say why",
                remedy: remedy
            )
        }
    }

    private struct Request: Encodable {
        let id: Int
        let `do`: String
        let frame: Int
        var prompts: [WorkerPrompt]?
        var output: String?
    }

    private let requests: AsyncStream<String>.Continuation
    private var running: Task<Void, Never>?
    private var lastID = 0

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - program: `8cut`.
    ///   - arguments: which video and model.
    ///   - tell: is told every answer.
    ///   - end: is told why it has ended; nil when it was stopped.
    init(
        _ program: CommandLineProgram,
        _ arguments: [String],
        tell: @escaping @MainActor (Answer) -> Void,
        end: @escaping @MainActor (EightCutError?) -> Void
    ) {
        let (lines, writer) = AsyncStream<String>.makeStream()
        requests = writer
        running = Task {
            do {
                try await Self.run(program, arguments, lines, tell)
                end(nil)
            } catch let error as EightCutError {
                end(error)
            } catch {
                end(nil)
            }
        }
    }

    /// Gets a frame ready that may be asked for next.
    func encode(frame: Int) {
        lastID += 1
        send(Request(id: lastID, do: "encode", frame: frame))
    }

    /// Asks for the mask of a frame.
    ///
    /// - Returns: the request's number, which the answer bears.
    func mask(frame: Int, _ prompts: [WorkerPrompt], output: FilePath) -> Int {
        lastID += 1
        send(
            Request(
                id: lastID,
                do: "mask",
                frame: frame,
                prompts: prompts,
                output: output.string
            )
        )
        return lastID
    }

    /// Ends the worker; returns when it is gone.
    func stop() async {
        requests.finish()
        running?.cancel()
        await running?.value
    }

    private func send(_ request: Request) {
        guard let data = try? JSONEncoder().encode(request) else { return }
        requests.yield(String(decoding: data, as: UTF8.self) + "\n")
    }

    private nonisolated static func run(
        _ program: CommandLineProgram,
        _ arguments: [String],
        _ lines: AsyncStream<String>,
        _ tell: @escaping @MainActor (Answer) -> Void
    ) async throws {
        let failure: EightCutError?
        let exit: ChildExit
        do {
            let child = program.child(["masks", "sam", "--interactive"] + arguments)
            (failure, exit) = try await child.run(input: .piped, output: .piped) { child in
                let writing = Task {
                    for await line in lines {
                        try await child.input.write(line)
                    }
                    try await child.input.close()
                }
                defer { writing.cancel() }
                var failure: EightCutError?
                for try await line in child.output.lines {
                    guard
                        let answer = try? JSONDecoder().decode(
                            Answer.self,
                            from: Data(line.utf8)
                        )
                    else { continue }
                    if answer.event == "failed", answer.id == nil { failure = answer.error }
                    await tell(answer)
                }
                return failure
            }
        } catch let error as ChildProcessError {
            throw program.startError(error)
        }
        if let failure { throw failure }
        guard case .signaled(let signal) = exit else { return }
        throw EightCutError(
            .toolFailed,
            "cannot go on finding objects",
            because: "the worker was ended by signal \(signal)",
            remedy: "Set a mark again to start another one."
        )
    }
}

import Diagnostics
import InteractiveProtocol
import Processes
import SystemPackage

/// `8cut masks sam --interactive` as a child process that keeps its model loaded.
@MainActor
final class InteractiveWorker {
    private let requests: AsyncStream<String>.Continuation
    private var running: Task<Void, Never>?
    private var lastID = 0

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - program: `8cut`.
    ///   - arguments: the video and the model.
    ///   - onAnswer: called with every answer.
    ///   - onEnd: called with the reason when it has ended; nil if it was stopped.
    init(
        _ program: CommandLineProgram,
        _ arguments: [String],
        onAnswer: @escaping @MainActor (WorkerAnswer) -> Void,
        onEnd: @escaping @MainActor (EightCutError?) -> Void
    ) {
        let (lines, writer) = AsyncStream<String>.makeStream()
        requests = writer
        running = Task {
            do {
                try await Self.run(program, arguments, lines, onAnswer)
                onEnd(nil)
            } catch {
                onEnd(error as? EightCutError)
            }
        }
    }

    /// Has a frame encoded that is likely to be asked for next.
    func encode(frame: Int) {
        var request = newRequest(.encode)
        request.frame = frame
        send(request)
    }

    /// Has the object of the prompts found on a frame, and its mask written to a PNG file.
    ///
    /// - Returns: the id of the request.
    func mask(frame: Int, _ prompts: [WorkerPrompt], output: FilePath) -> WorkerID {
        var request = newRequest(.mask)
        request.frame = frame
        request.prompts = .array(prompts.map(\.json))
        request.output = output.string
        // The file may be that of an earlier worker.
        request.overwrite = true
        send(request)
        return request.id
    }

    /// Ends the worker and waits until it is gone.
    func stop() async {
        requests.finish()
        running?.cancel()
        await running?.value
    }

    private func newRequest(_ action: WorkerRequest.Action) -> WorkerRequest {
        lastID += 1
        return WorkerRequest(id: .number(lastID), action: action)
    }

    private func send(_ request: WorkerRequest) {
        if let line = try? request.jsonLine() { requests.yield(line + "\n") }
    }

    private nonisolated static func run(
        _ program: CommandLineProgram,
        _ arguments: [String],
        _ lines: AsyncStream<String>,
        _ onAnswer: @escaping @MainActor (WorkerAnswer) -> Void
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
                    guard let answer = try? WorkerAnswer(jsonLine: line) else { continue }
                    if answer.id == nil, case .job(.failed(let error)) = answer.event {
                        failure = error
                    }
                    await onAnswer(answer)
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

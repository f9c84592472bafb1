import Diagnostics
import Dispatch
import Glibc
import InteractiveServer
import Progress
import SAM2
import Synchronization

extension MasksSamCommand {
    /// `--interactive`: answers requests until standard input is closed.
    func serve() async throws {
        // Another program reads what is written.
        let log = Log(level: progress.log.level, advises: false)
        let channel = AnswerChannel()
        try await runJob(reporter: channel) { _ in
            let input = try await files.find().input
            let meter = ProgressMeter()
            let end: @Sendable () -> ProgressEvent.Finished = {
                ProgressEvent.Finished(meter) { _ in "standard input was closed" }
            }
            let loading = Loading()
            let requests = RequestLines {
                loading.giveUp {
                    do {
                        try channel.report(.finished(end()))
                        _exit(0)
                    } catch is OutputClosed {
                        _exit(Interrupted(signal: SIGPIPE).exitStatus)
                    } catch {
                        _exit(EightCutError(ending: error).code.exitStatus)
                    }
                }
            }
            let worker = try await withTaskCancellationHandler {
                let checkpoint = try await model.load(log)
                return try await Worker(
                    input: input,
                    try files.video.reading(of: input),
                    checkpoint: checkpoint,
                    modelOptions: tracking.options(
                        of: try Sam2Configuration.read(from: checkpoint.folder)
                    ),
                    channel: channel
                )
            } onCancel: {
                // The second signal ends the program at once.
                loading.giveUp {
                    try? channel.report(.failed(Interrupted(signal: SIGTERM).error))
                    kill(getpid(), SIGTERM)
                }
            }
            loading.finish()
            try await worker.serve(requests)
            return end()
        }
    }
}

/// Loading a large model cannot be stopped. When nobody waits for it any more, the program ends
/// all the same: no work has begun.
private final class Loading: Sendable {
    private let isGoingOn = Mutex(true)

    func finish() { isGoingOn.withLock { $0 = false } }

    /// Ends the program if loading does not end by itself.
    func giveUp(_ end: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.7) {
            if self.isGoingOn.withLock({ $0 }) { end() }
        }
    }
}

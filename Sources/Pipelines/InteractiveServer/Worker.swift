import Diagnostics
import Media
import Methods
import Progress
import SAM2
import SystemPackage

/// Answers requests about one video with a model that stays loaded.
///
/// Frames are looked at one at a time: masks in the order in which they are asked for, and the
/// latest `encode` when no mask is wanted. A run goes on beside that.
package actor Worker {
    let frames: FrameWork
    let runs: RunWork
    let channel: AnswerChannel

    /// Masks that are asked for.
    var waiting: [FrameJob] = []
    /// The frame that may be asked for next.
    var prefetch: FrameJob?
    /// What is done for a frame now.
    var current: (job: FrameJob, task: Task<Void, Never>)?
    /// The run that goes on.
    var run: (id: WorkerID, task: Task<Void, Never>)?
    /// Called when nobody reads answers any more.
    private var hangUp: @Sendable () -> Void = {}
    private var isReaderGone = false

    /// Loads a model for a video.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - checkpoint: the model.
    ///   - memory: what it attends to of what it remembers.
    ///   - channel: where answers go.
    /// - Throws: `EightCutError` when one of them cannot be used; `OutputClosed`;
    ///   `CancellationError`.
    package init(
        input: FilePath,
        checkpoint: CheckpointModel,
        memory: Sam2MemoryUse,
        channel: AnswerChannel
    ) async throws {
        let stream = try await VideoProbe.stream(of: input)
        let model = try await SamMethod.load(checkpoint, for: stream, memory: memory)
        frames = FrameWork(
            input: input,
            stream: stream,
            model: model,
            store: FrameStore(input, stream, model: model)
        )
        runs = RunWork(input: input, checkpoint: checkpoint, model: model, memory: memory)
        self.channel = channel
        try channel.send(
            .ready(
                .init(
                    input: input.string,
                    width: stream.width,
                    height: stream.height,
                    frames: stream.estimatedFrames,
                    model: checkpoint.name,
                    device: "\(checkpoint.session.device)",
                    precision: checkpoint.precision.rawValue
                )
            ),
            to: nil
        )
    }

    /// Answers requests until there are no more, or the task is cancelled; what is going on then
    /// is stopped.
    ///
    /// - Throws: `OutputClosed`, `CancellationError`.
    package func serve(_ requests: RequestLines) async throws {
        hangUp = { requests.end() }
        for await line in requests.lines where line != .bytes([]) { take(line) }
        let tasks = [current?.task, run?.task].compactMap(\.self)
        waiting = []
        prefetch = nil
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        if isReaderGone { throw OutputClosed() }
        try Task.checkCancellation()
    }

    private func take(_ line: RequestLines.Line) {
        do {
            let (id, task) = try RequestReader.read(line)
            switch task {
            case .mask(let task): add(FrameJob(id: id, work: .mask(task)))
            case .encode(let frame): add(FrameJob(id: id, work: .encode(frame: frame)))
            case .run(let task): begin(task, id)
            case .cancel(let other): cancel(other, id)
            }
        } catch {
            answer(.error(error.error), to: error.id)
        }
    }

    func answer(_ event: WorkerAnswer.Event, to id: WorkerID?) {
        do {
            try channel.send(event, to: id)
        } catch {
            noteReaderGone()
        }
    }

    func noteReaderGone() {
        isReaderGone = true
        hangUp()
    }
}

import Diagnostics
import InteractiveProtocol
import Media
import Methods
import Progress
import SAM2
import SystemPackage

/// Answers requests about one video with a model that stays loaded.
///
/// Frames are worked on one at a time: masks in the order of their requests, and the latest
/// `encode` if no mask is waiting. A run and a search go on at the same time.
package actor Worker {
    private enum State {
        case serving
        /// Nothing new starts; what is going on is being cancelled.
        case stopping
        /// Answers cannot be written any more.
        case outputFailed(any Error)
    }

    private let frames: FrameWork
    private let runs: RunWork
    private let search: FindWork
    private let channel: AnswerChannel

    /// Masks that may wait for their turn, and the most bytes of their requests.
    package static let mostWaiting = 1000
    package static let mostWaitingBytes = 4 << 20

    private var state = State.serving
    private var requests: RequestLines?
    /// Masks that wait for their turn.
    private var waiting: [FrameJob] = []
    /// The latest `encode`, which any other request replaces.
    private var prefetch: FrameJob?
    private var current: (job: FrameJob, task: Task<Void, Never>)?
    private var run: (id: WorkerID, task: Task<Void, Never>)?
    private var finding: (id: WorkerID, task: Task<Void, Never>)?

    /// Loads a model for a video and answers `ready`.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - options: how it is read.
    ///   - checkpoint: the model.
    ///   - modelOptions: the resolution, and which memories runs attend to.
    ///   - channel: where answers are written.
    /// - Throws: `EightCutError` if the video or the model cannot be used; `OutputClosed`;
    ///   `CancellationError`.
    package init(
        input: FilePath,
        _ options: VideoOptions = VideoOptions(),
        checkpoint: CheckpointModel,
        modelOptions: Sam2Options,
        channel: AnswerChannel
    ) async throws {
        let stream = try await VideoProbe.stream(of: input, options)
        let model = try await SamMethod.load(checkpoint, for: stream, options: modelOptions)
        frames = FrameWork(
            input: input,
            stream: stream,
            model: model,
            store: FrameStore(input, stream, model: model),
            outputs: MaskOutputs(input: input)
        )
        runs = RunWork(
            input: input,
            options: options,
            checkpoint: checkpoint,
            model: model,
            modelOptions: modelOptions
        )
        search = FindWork(input: input, stream: stream)
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

    /// Answers requests until there are no more or the task is cancelled; then cancels what is
    /// going on and waits for it.
    ///
    /// - Throws: `OutputClosed`, `EightCutError` if the disk is full, `CancellationError`.
    package func serve(_ requests: RequestLines) async throws {
        self.requests = requests
        for await line in requests.lines {
            requests.noteTaken(line)
            // Answers that nobody reads must not pile up.
            await channel.waitForSpace { requests.hasEnded }
            if line != .bytes([]) { take(line) }
        }
        if case .serving = state { state = .stopping }
        waiting = []
        prefetch = nil
        let tasks = [current?.task, run?.task, finding?.task].compactMap(\.self)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        if case .outputFailed(let error) = state { throw error }
        try Task.checkCancellation()
    }

    private func take(_ line: RequestLines.Line) {
        do {
            let (id, task) = try RequestReader.read(line)
            switch task {
            case .mask(let task): try add(task, id, bytes: line.cost)
            case .encode(let frame):
                add(FrameJob(id: id, work: .encode(frame: frame), bytes: line.cost))
            case .find(let count): find(count, id)
            case .run(let task): begin(task, id)
            case .cancel(let other): cancel(other, id)
            }
        } catch {
            answer(.error(error.error), to: error.id)
        }
    }

    /// Adds a mask, unless too many wait.
    private func add(_ task: MaskTask, _ id: WorkerID, bytes: Int) throws(RequestError) {
        let waitingBytes = waiting.reduce(bytes) { $0 + $1.bytes }
        guard waiting.count < Self.mostWaiting, waitingBytes <= Self.mostWaitingBytes else {
            throw RequestError(
                id: id,
                error: EightCutError(
                    .outputBusy,
                    "cannot take the request",
                    because: "\(waiting.count) others wait already",
                    remedy: "Send it again when some of them are answered."
                )
            )
        }
        add(FrameJob(id: id, work: .mask(task), bytes: bytes))
    }

    private func answer(_ event: WorkerAnswer.Event, to id: WorkerID?) {
        do {
            try channel.send(event, to: id)
        } catch {
            noteOutputFailed(error)
        }
    }

    private func answerBusy(_ what: MessageText, because why: MessageText, to id: WorkerID) {
        let remedy: MessageText = "Wait for its end, or cancel it."
        answer(.error(EightCutError(.outputBusy, what, because: why, remedy: remedy)), to: id)
    }

    private func noteOutputFailed(_ error: any Error) {
        state = .outputFailed(error)
        requests?.end()
    }

    // MARK: Frames

    private func add(_ job: FrameJob) {
        // An `encode` is a guess: it gives way to any newer request.
        if let old = prefetch {
            prefetch = nil
            answer(.dropped, to: old.id)
        }
        if let current, !current.job.isMask, current.job.frame != job.frame {
            current.task.cancel()
        }
        if job.isMask { waiting.append(job) } else { prefetch = job }
        startNext()
    }

    private func startNext() {
        guard case .serving = state, current == nil else { return }
        let job: FrameJob
        if !waiting.isEmpty {
            job = waiting.removeFirst()
        } else if let next = prefetch {
            job = next
            prefetch = nil
        } else {
            return
        }
        current = (job, Task { await work(on: job) })
    }

    private func work(on job: FrameJob) async {
        let event: WorkerAnswer.Event
        do {
            switch job.work {
            case .mask(let task): event = .mask(try await frames.mask(task, since: job.start))
            case .encode(let frame):
                event = .encoded(try await frames.encode(frame, since: job.start))
            }
        } catch is CancellationError {
            event = .dropped
        } catch {
            event = .error(EightCutError(ending: error))
        }
        // Free before the answer is written: the client may react to it at once.
        current = nil
        answer(event, to: job.id)
        await channel.waitForSpace()
        startNext()
    }

    // MARK: Runs

    private func begin(_ task: RunTask, _ id: WorkerID) {
        guard run == nil else {
            return answerBusy("cannot start a run", because: "another one is going on", to: id)
        }
        let reporter = RunReporter(channel: channel, id: id)
        run = (id, Task { await work(on: task, reporter) })
    }

    private func work(on task: RunTask, _ reporter: RunReporter) async {
        do {
            let end = try await runs.run(task, reporter)
            run = nil
            answer(.job(end), to: reporter.id)
        } catch {
            run = nil
            noteOutputFailed(error)
        }
    }

    // MARK: Searches

    private func find(_ count: Int, _ id: WorkerID) {
        guard finding == nil else {
            return answerBusy("cannot search", because: "another search is going on", to: id)
        }
        let reporter = RunReporter(channel: channel, id: id)
        let start = ContinuousClock.now
        finding = (id, Task { await work(on: count, reporter, since: start) })
    }

    private func work(
        on count: Int,
        _ reporter: RunReporter,
        since start: ContinuousClock.Instant
    ) async {
        let event: WorkerAnswer.Event
        do {
            event = .found(try await search.find(count, reporter, since: start))
        } catch is CancellationError {
            event = .dropped
        } catch {
            event = .error(EightCutError(ending: error))
        }
        finding = nil
        answer(event, to: reporter.id)
    }

    // MARK: Cancelling

    /// Cancels a request; nil for everything that is going on.
    private func cancel(_ other: WorkerID?, _ id: WorkerID) {
        let isMeant = { (id: WorkerID) in other == nil || other == id }
        let dropped = (waiting + [prefetch].compactMap(\.self)).filter { isMeant($0.id) }
        waiting.removeAll { isMeant($0.id) }
        if let job = prefetch, isMeant(job.id) { prefetch = nil }
        let going = [
            current.map { ($0.job.id, $0.task) }, run.map { ($0.id, $0.task) },
            finding.map { ($0.id, $0.task) },
        ].compactMap(\.self).filter { isMeant($0.0) }
        answer(.cancelled(going.map(\.0) + dropped.map(\.id)), to: id)
        for job in dropped { answer(.dropped, to: job.id) }
        for (_, task) in going { task.cancel() }
    }
}

/// A request about one frame.
private struct FrameJob: Sendable {
    enum Work: Sendable {
        case mask(MaskTask)
        case encode(frame: Int)
    }

    let id: WorkerID
    let work: Work
    /// Bytes of the request.
    let bytes: Int
    let start = ContinuousClock.now

    var frame: Int {
        switch work {
        case .mask(let task): task.frame
        case .encode(let frame): frame
        }
    }

    var isMask: Bool { if case .mask = work { true } else { false } }
}

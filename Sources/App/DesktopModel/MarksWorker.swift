import ClipLibrary
import Diagnostics
import Files
import InteractiveProtocol
import Observation
import SystemPackage

/// Finds the mask of the marks on the frame that is shown, with a child process that keeps SAM 2
/// loaded.
@MainActor
@Observable
package final class MarksWorker {
    /// What the worker does, as views see it.
    package enum Activity: Sendable, Equatable {
        case stopped
        /// The model is being loaded.
        case loading
        /// A frame is being encoded, or an object searched.
        case working
        case ready
    }

    /// A mask that the worker has found. Numbers tell apart masks under the same path.
    package struct FoundMask {
        package let frame: Int
        package let path: FilePath
        package let number: Int
    }

    private enum State {
        case stopped
        case loading(Session)
        case ready(Session)
        case working(Session)

        var session: Session? {
            switch self {
            case .stopped: nil
            case .loading(let session), .ready(let session), .working(let session): session
            }
        }

        var activity: Activity {
            switch self {
            case .stopped: .stopped
            case .loading: .loading
            case .ready: .ready
            case .working: .working
            }
        }
    }

    /// A worker, from its start to its end.
    @MainActor
    private final class Session {
        let clip: String
        let model: [String]
        var worker: InteractiveWorker?
        /// Its id is nil if nobody needs the answer.
        var lastRequest: (id: WorkerID?, marks: [Mark], frame: Int)?

        init(clip: String, model: [String]) { (self.clip, self.model) = (clip, model) }
    }

    package private(set) var activity = Activity.stopped
    /// The mask for the current marks, on the frame for which it was requested last.
    package private(set) var found: FoundMask?

    private let program: CommandLineProgram
    private let temporary: TemporaryFolder
    private let notices: NoticeModel
    @ObservationIgnored private var state = State.stopped {
        didSet { if activity != state.activity { activity = state.activity } }
    }
    @ObservationIgnored private var ending: Task<Void, Never>?
    /// Waits for the frame and the marks to stay as they are before the worker is asked.
    @ObservationIgnored private var settling: Task<Void, Never>?

    init(_ program: CommandLineProgram, _ temporary: TemporaryFolder, _ notices: NoticeModel) {
        self.program = program
        self.temporary = temporary
        self.notices = notices
    }

    /// Forgets the mask, because another clip is shown.
    func forgetMask() {
        settling?.cancel()
        found = nil
    }

    /// Has the worker find the object on a frame, or encode the frame while it has no marks.
    ///
    /// - Parameters:
    ///   - frame: the frame that is shown.
    ///   - clip: the clip that is shown.
    ///   - marks: those on the frame.
    ///   - model: the options that choose the model.
    func look(at frame: Int, of clip: LibraryClip, _ marks: [Mark], model: [String]) {
        settling?.cancel()
        if let last = state.session?.lastRequest, last.frame == frame, last.marks == marks {
            return
        }
        settling = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(marks.isEmpty ? 400 : 60))
            guard !Task.isCancelled, let self else { return }
            await start(clip, model)
            guard !Task.isCancelled, let session = state.session else { return }
            request(marks, frame, session)
        }
    }

    private func request(_ marks: [Mark], _ frame: Int, _ session: Session) {
        guard let worker = session.worker else { return }
        if marks.isEmpty {
            found = nil
            worker.encode(frame: frame)
            session.lastRequest = (nil, [], frame)
        } else {
            // Two names in turn: the file of the mask that is shown is not replaced.
            let names = TemporaryFolder.maskNames
            let name = found?.path.lastComponent == names[0] ? names[1] : names[0]
            let id = worker.mask(
                frame: frame,
                marks.map(\.prompt),
                output: temporary.path.appending(name)
            )
            session.lastRequest = (id, marks, frame)
        }
        if case .ready = state { state = .working(session) }
    }

    /// Ends the worker, because its memory is needed or nothing is being marked.
    func stop() async {
        settling?.cancel()
        await end()
    }

    private func end() async {
        let worker = state.session?.worker
        state = .stopped
        found = nil
        // There is never a second worker: whoever ends one waits for all earlier ones.
        let earlier = ending
        let stopping = Task {
            await earlier?.value
            await worker?.stop()
        }
        ending = stopping
        await stopping.value
    }

    private func start(_ clip: LibraryClip, _ model: [String]) async {
        if let session = state.session, (session.clip, session.model) == (clip.path, model) {
            return
        }
        await end()
        guard !Task.isCancelled, case .stopped = state else { return }
        let session = Session(clip: clip.path, model: model)
        state = .loading(session)
        session.worker = InteractiveWorker(program, ["--input=\(clip.path)"] + model) {
            [weak self, weak session] answer in
            guard let self, let session, state.session === session else { return }
            take(answer, session)
        } onEnd: { [weak self, weak session] error in
            guard let self, let session, state.session === session else { return }
            state = .stopped
            if let error { notices.fail(error) }
        }
    }

    private func take(_ answer: WorkerAnswer, _ session: Session) {
        switch answer.event {
        case .ready: state = session.lastRequest == nil ? .ready(session) : .working(session)
        case .mask(let mask):
            guard answer.id == session.lastRequest?.id else { return }
            state = .ready(session)
            found = FoundMask(
                frame: mask.frame,
                path: FilePath(mask.path),
                number: (found?.number ?? 0) + 1
            )
        case .encoded, .dropped: state = .ready(session)
        case .error(let error):
            state = .ready(session)
            if let id = answer.id, id == session.lastRequest?.id { notices.fail(error) }
        case .cancelled, .found, .job: break
        }
    }
}

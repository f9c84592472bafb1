import ClipLibrary
import Diagnostics
import Files
import InteractiveProtocol
import Localization
import Observation
import SystemPackage

/// Marks on the frames of a clip that show SAM 2 the object, and the mask that it finds on the
/// frame that is shown.
@MainActor
@Observable
package final class MarksModel {
    /// What the worker does, as views see it.
    package enum WorkerState: Sendable, Equatable {
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

        var ofWorker: WorkerState {
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

    /// The marks of the clip that is shown.
    package private(set) var marks: [Mark] = []
    /// The mark that keys move and delete.
    package var selectedID: Int?
    package private(set) var workerState = WorkerState.stopped
    /// The mask for the current marks, on the frame for which it was requested last.
    package private(set) var found: FoundMask?

    private let program: CommandLineProgram
    private let temporary: TemporaryFolder
    private let undo: UndoModel
    private let notices: NoticeModel
    @ObservationIgnored private var state = State.stopped {
        didSet { if workerState != state.ofWorker { workerState = state.ofWorker } }
    }
    @ObservationIgnored private var clip: LibraryClip?
    /// The marks of the clips that are not shown, by path.
    private var marksOfClips: [String: [Mark]] = [:]
    @ObservationIgnored private var ending: Task<Void, Never>?
    @ObservationIgnored private var lastID = 0
    /// Waits for the frame and the marks to stay as they are before the worker is asked.
    @ObservationIgnored private var settling: Task<Void, Never>?

    init(
        _ program: CommandLineProgram,
        _ temporary: TemporaryFolder,
        _ undo: UndoModel,
        _ notices: NoticeModel
    ) {
        self.program = program
        self.temporary = temporary
        self.undo = undo
        self.notices = notices
    }

    package func marks(on frame: Int) -> [Mark] { marks.filter { $0.frame == frame } }

    func marks(of clip: LibraryClip) -> [Mark] {
        clip.id == self.clip?.id ? marks : marksOfClips[clip.path] ?? []
    }

    /// The marks of all clips, by path.
    var all: [String: [Mark]] {
        var all = marksOfClips
        if let clip { all[clip.path] = marks.isEmpty ? nil : marks }
        return all
    }

    func restore(_ marks: [String: [Mark]]) {
        marksOfClips = marks
        lastID = marks.values.joined().map(\.id).max() ?? 0
    }

    // MARK: Editing

    /// Switches to the marks of another clip; nil for none.
    func show(_ clip: LibraryClip?) {
        guard clip?.id != self.clip?.id else {
            self.clip = clip
            return
        }
        if let old = self.clip { marksOfClips[old.path] = marks.isEmpty ? nil : marks }
        self.clip = clip
        marks = clip.flatMap { marksOfClips[$0.path] } ?? []
        selectedID = nil
        found = nil
    }

    package func add(_ kind: Mark.Kind, on frame: Int) {
        guard let clip, marks.count < Limits.marksOfClip else { return }
        lastID += 1
        let mark = Mark(id: lastID, frame: frame, kind: kind).moved(by: (0, 0), in: clip.frameSize)
        change(localized("Add a mark"), marks + [mark])
        selectedID = mark.id
    }

    /// Adds a point in the middle of a frame, to be moved with the keyboard.
    package func addInTheMiddle(on frame: Int, isPositive: Bool) {
        guard let clip else { return }
        add(
            .point(
                x: Double(clip.frameSize.width / 2),
                y: Double(clip.frameSize.height / 2),
                isPositive: isPositive
            ),
            on: frame
        )
    }

    /// Moves a mark while it is being dragged.
    package func drag(_ mark: Mark, by offset: (x: Double, y: Double)) {
        guard let clip, let index = marks.firstIndex(where: { $0.id == mark.id }) else { return }
        marks[index] = mark.moved(by: offset, in: clip.frameSize)
    }

    /// Ends a drag: the move from `before` can now be undone.
    package func drop(_ before: Mark) {
        guard let index = marks.firstIndex(where: { $0.id == before.id }) else { return }
        let now = marks
        marks[index] = before
        change(localized("Move a mark"), now)
    }

    /// Moves the selected mark, in pixels of the clip.
    package func nudge(_ dx: Double, _ dy: Double) {
        guard let clip, let index = marks.firstIndex(where: { $0.id == selectedID }) else { return }
        var now = marks
        now[index] = now[index].moved(by: (dx, dy), in: clip.frameSize)
        change(localized("Move a mark"), now)
    }

    package func remove(_ id: Int) {
        change(localized("Remove a mark"), marks.filter { $0.id != id })
        if selectedID == id { selectedID = nil }
    }

    package func removeAll() {
        change(localized("Remove all marks"), [])
        selectedID = nil
    }

    private func change(_ name: String, _ now: [Mark]) {
        let (before, path) = (marks, clip?.path)
        guard now != before else { return }
        marks = now
        let put: @MainActor ([Mark]) -> Void = { [self] marks in
            if clip?.path == path {
                self.marks = marks
            } else if let path {
                marksOfClips[path] = marks
            }
        }
        undo.note(name) {
            put(before)
        } redo: {
            put(now)
        }
    }

    // MARK: The worker

    /// Has the worker find the object on a frame, or encode the frame while it has no marks.
    ///
    /// - Parameters:
    ///   - frame: the frame that is shown.
    ///   - model: the options that choose the model.
    func look(at frame: Int, model: [String]) {
        guard let clip else { return }
        settling?.cancel()
        let onFrame = marks(on: frame)
        if let last = state.session?.lastRequest, last.frame == frame, last.marks == onFrame {
            return
        }
        settling = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(onFrame.isEmpty ? 400 : 60))
            guard !Task.isCancelled, let self, clip.id == self.clip?.id else { return }
            await start(clip, model)
            guard !Task.isCancelled, let session = state.session else { return }
            request(onFrame, frame, session)
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
        case .cancelled, .job: break
        }
    }
}

import ClipLibrary
import Diagnostics
import Files
import Localization
import Observation
import SystemPackage

/// Marks on the pictures of a clip that show SAM 2 which object is meant, and the mask that it finds
/// on the picture that is shown.
@MainActor
@Observable
package final class MarksModel {
    /// How the worker is.
    package enum WorkerState: Sendable, Equatable {
        case stopped
        /// The model is being loaded.
        case loading
        /// A picture is being encoded, or an object being looked for.
        case working
        case ready
    }

    /// The marks of the clip that is shown.
    package private(set) var marks: [Mark] = []
    /// The mark that keys move and delete.
    package var selectedID: Int?
    /// How the worker is.
    package private(set) var workerState = WorkerState.stopped
    /// The mask of a frame with the marks as they are; nil where there is none yet.
    package private(set) var found: (frame: Int, path: FilePath, number: Int)?

    private let program: CommandLineProgram
    private let temporary: TemporaryPlace
    private let undo: UndoModel
    private let notices: NoticeModel
    @ObservationIgnored private var clip: LibraryClip?
    /// The marks of clips that are not shown, by their paths.
    private var marksOfClips: [String: [Mark]] = [:]
    @ObservationIgnored private var worker: InteractiveWorker?
    @ObservationIgnored private var workerFor: (path: String, model: [String])?
    @ObservationIgnored private var ending: Task<Void, Never>?
    @ObservationIgnored private var isReady = false
    @ObservationIgnored private var lastRequest: (id: Int, marks: [Mark], frame: Int)?
    @ObservationIgnored private var answered = 0
    @ObservationIgnored private var lastID = 0
    /// Frames are asked for when the picture has rested for a moment.
    @ObservationIgnored private var resting: Task<Void, Never>?

    init(
        _ program: CommandLineProgram,
        _ temporary: TemporaryPlace,
        _ undo: UndoModel,
        _ notices: NoticeModel
    ) {
        self.program = program
        self.temporary = temporary
        self.undo = undo
        self.notices = notices
    }

    /// The marks on a picture.
    package func marks(on frame: Int) -> [Mark] { marks.filter { $0.frame == frame } }

    /// The marks of a clip, shown or not.
    func marks(of clip: LibraryClip) -> [Mark] {
        clip.id == self.clip?.id ? marks : marksOfClips[clip.path] ?? []
    }

    /// The marks of all clips, by their paths.
    var all: [String: [Mark]] {
        var all = marksOfClips
        if let clip { all[clip.path] = marks.isEmpty ? nil : marks }
        return all
    }

    /// Puts back the marks of an earlier session.
    func restore(_ marks: [String: [Mark]]) {
        marksOfClips = marks
        lastID = marks.values.joined().map(\.id).max() ?? 0
    }

    // MARK: What the user does

    /// Shows the marks of another clip; nil for none.
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

    /// Adds a mark.
    package func add(_ kind: Mark.Kind, on frame: Int) {
        guard let clip else { return }
        lastID += 1
        let mark = Mark(id: lastID, frame: frame, kind: kind)
            .moved(by: (0, 0), in: (clip.width, clip.height))
        change(localized("Add a mark"), marks + [mark])
        selectedID = mark.id
    }

    /// Adds a point in the middle of a picture, to be moved by keys.
    package func addInTheMiddle(on frame: Int, isPositive: Bool) {
        guard let clip else { return }
        add(
            .point(
                x: Double(clip.width / 2),
                y: Double(clip.height / 2),
                isPositive: isPositive
            ),
            on: frame
        )
    }

    /// Moves a mark, while it is being dragged.
    package func drag(_ mark: Mark, by way: (x: Double, y: Double)) {
        guard let clip, let place = marks.firstIndex(where: { $0.id == mark.id }) else { return }
        marks[place] = mark.moved(by: way, in: (clip.width, clip.height))
    }

    /// A mark was dragged to where it is.
    package func drop(_ before: Mark) {
        guard let place = marks.firstIndex(where: { $0.id == before.id }) else { return }
        let now = marks
        marks[place] = before
        change(localized("Move a mark"), now)
    }

    /// Moves the selected mark by pixels.
    package func nudge(_ dx: Double, _ dy: Double) {
        guard let clip, let place = marks.firstIndex(where: { $0.id == selectedID }) else { return }
        var now = marks
        now[place] = now[place].moved(by: (dx, dy), in: (clip.width, clip.height))
        change(localized("Move a mark"), now)
    }

    /// Takes a mark away.
    package func remove(_ id: Int) {
        change(localized("Remove a mark"), marks.filter { $0.id != id })
        if selectedID == id { selectedID = nil }
    }

    /// Takes all marks of the clip away.
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

    /// Has the worker find the object on the picture that is shown.
    ///
    /// - Parameters:
    ///   - frame: which picture.
    ///   - model: the options that say which model runs.
    func look(at frame: Int, model: [String]) {
        guard let clip else { return }
        resting?.cancel()
        let onFrame = marks(on: frame)
        if let last = lastRequest, last.frame == frame, last.marks == onFrame { return }
        resting = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(onFrame.isEmpty ? 400 : 60))
            guard !Task.isCancelled, let self, clip.id == self.clip?.id else { return }
            await start(clip, model)
            guard !Task.isCancelled, let worker else { return }
            if onFrame.isEmpty {
                found = nil
                worker.encode(frame: frame)
                lastRequest = (0, [], frame)
            } else {
                let file = temporary.path.appending(
                    "mask-\(lastRequest.map { $0.id % 2 } ?? 0).png"
                )
                let id = worker.mask(frame: frame, onFrame.map(\.request), output: file)
                lastRequest = (id, onFrame, frame)
            }
            if isReady { workerState = .working }
        }
    }

    /// Ends the worker, because its memory is needed or nobody looks any more.
    func stop() async {
        resting?.cancel()
        await end()
    }

    private func end() async {
        let old = worker
        worker = nil
        workerFor = nil
        lastRequest = nil
        isReady = false
        workerState = .stopped
        found = nil
        // Whoever comes meanwhile waits as well: there is never a second worker.
        let before = ending
        let stopping = Task {
            await before?.value
            await old?.stop()
        }
        ending = stopping
        await stopping.value
    }

    private func start(_ clip: LibraryClip, _ model: [String]) async {
        if worker != nil, let workerFor, workerFor == (clip.path, model) { return }
        await end()
        // Meanwhile another clip may have come, or the end.
        guard !Task.isCancelled, worker == nil else { return }
        workerFor = (clip.path, model)
        workerState = .loading
        answered += 1
        let number = answered
        worker = InteractiveWorker(program, ["--input", clip.path] + model) { [weak self] answer in
            if self?.answered == number { self?.take(answer) }
        } end: { [weak self] error in
            guard let self, answered == number, worker != nil else { return }
            worker = nil
            workerFor = nil
            lastRequest = nil
            isReady = false
            workerState = .stopped
            if let error { notices.fail(error) }
        }
    }

    private func take(_ answer: InteractiveWorker.Answer) {
        switch answer.event {
        case "ready":
            isReady = true
            workerState = lastRequest == nil ? .ready : .working
        case "mask":
            guard answer.id == lastRequest?.id, let frame = answer.frame, let path = answer.path
            else { return }
            workerState = .ready
            found = (frame, FilePath(path), (found?.number ?? 0) + 1)
        case "encoded", "dropped": workerState = .ready
        case "error":
            workerState = .ready
            if answer.id == lastRequest?.id { notices.fail(answer.error) }
        default: break
        }
    }
}

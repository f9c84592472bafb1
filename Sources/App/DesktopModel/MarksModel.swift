import ClipLibrary
import Localization
import Observation

/// Marks on the frames of a clip that show SAM 2 the object, and the object that is proposed.
@MainActor
@Observable
package final class MarksModel {
    /// The mark that keys move and delete.
    package var selectedID: Int?
    /// Finds the mask of the marks of a frame.
    package let worker: MarksWorker

    private let undo: UndoModel
    @ObservationIgnored private var clip: LibraryClip?
    /// The marks of the clip that is shown.
    private var current = ClipMarks()
    /// The marks of the clips that are not shown, by path.
    private var others: [String: ClipMarks] = [:]
    @ObservationIgnored private var lastID = 0

    init(_ worker: MarksWorker, _ undo: UndoModel) {
        self.worker = worker
        self.undo = undo
    }

    /// The marks of the clip that is shown, but for those of the proposal.
    package var marks: [Mark] { current.taken }

    /// What is proposed for the clip that is shown.
    package var proposal: Proposal? { current.proposal }

    /// The marks of the clip that is shown, and those of the proposal.
    package var shown: [Mark] { current.all }

    package func shown(on frame: Int) -> [Mark] { current.all.filter { $0.frame == frame } }

    /// Whether a mark is part of the proposal.
    package func isProposed(_ mark: Mark) -> Bool {
        current.proposal?.marks.contains { $0.id == mark.id } == true
    }

    func marks(of clip: LibraryClip) -> [Mark] { marks(at: clip.path).taken }

    /// The marks of a clip, and those of its proposal.
    func shown(of clip: LibraryClip) -> [Mark] { marks(at: clip.path).all }

    /// The marks of all clips, by path, without proposals.
    var all: [String: [Mark]] {
        var all = others
        if let clip { all[clip.path] = current }
        return all.mapValues(\.taken).filter { !$0.value.isEmpty }
    }

    func restore(_ marks: [String: [Mark]]) {
        others = marks.mapValues { ClipMarks($0) }
        lastID = marks.values.joined().map(\.id).max() ?? 0
    }

    /// Switches to the marks of another clip; nil for none.
    func show(_ clip: LibraryClip?) {
        guard clip?.id != self.clip?.id else {
            self.clip = clip
            return
        }
        if let old = self.clip { others[old.path] = current.isEmpty ? nil : current }
        self.clip = clip
        current = clip.flatMap { others[$0.path] } ?? ClipMarks()
        selectedID = nil
        worker.forgetMask()
    }

    // MARK: Editing

    package func add(_ kind: Mark.Kind, on frame: Int) {
        guard let clip, marks.count < Limits.marksOfClip else { return }
        let mark = newMark(kind, on: frame).moved(by: (0, 0), in: clip.frameSize)
        change(localized("Add a mark")) { $0.taken.append(mark) }
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
        guard let clip else { return }
        current.update(mark.moved(by: offset, in: clip.frameSize))
    }

    /// Ends a drag: the move from `before` can now be undone.
    package func drop(_ before: Mark) {
        guard let now = shown.first(where: { $0.id == before.id }) else { return }
        current.update(before)
        change(localized("Move a mark")) { $0.update(now) }
    }

    /// Moves the selected mark, in pixels of the clip.
    package func nudge(_ dx: Double, _ dy: Double) {
        guard let clip, let mark = shown.first(where: { $0.id == selectedID }) else { return }
        let now = mark.moved(by: (dx, dy), in: clip.frameSize)
        change(localized("Move a mark")) { $0.update(now) }
    }

    package func remove(_ id: Int) {
        change(localized("Remove a mark")) { $0.remove(id) }
        if selectedID == id { selectedID = nil }
    }

    package func removeAll() {
        change(localized("Remove all marks")) { $0 = ClipMarks() }
        selectedID = nil
    }

    // MARK: The proposal

    /// Proposes the first of the objects that were found, in the place of an earlier proposal.
    ///
    /// - Parameters:
    ///   - objects: what was found, best first; nothing is proposed without any.
    ///   - search: how.
    ///   - clip: where.
    func propose(_ objects: [FoundObject], by search: ObjectSearch, for clip: LibraryClip) {
        guard let best = objects.first else { return }
        let marks = self.marks(of: best)
        change(localized("Find the object"), of: clip.path) {
            $0.proposal = Proposal(
                best,
                marks: marks,
                others: Array(objects.dropFirst()),
                search: search
            )
        }
        if clip.id == self.clip?.id { selectedID = marks.first?.id }
    }

    /// Makes the marks of an object that was found ordinary ones, and forgets the others.
    ///
    /// - Parameter number: of the object, from 1, which is the proposed one.
    package func takeProposal(_ number: Int = 1) {
        guard let clip, let objects = proposal?.objects, objects.indices.contains(number - 1)
        else { return }
        takeProposal(of: clip, number > 1 ? marks(of: objects[number - 1]) : nil)
    }

    func takeProposal(of clip: LibraryClip, _ marks: [Mark]? = nil) {
        change(localized("Take the proposal"), of: clip.path) { $0.takeProposal(marks) }
        if let first = marks?.first, clip.id == self.clip?.id { selectedID = first.id }
    }

    package func discardProposal() {
        change(localized("Discard the proposal")) { $0.proposal = nil }
        if !shown.contains(where: { $0.id == selectedID }) { selectedID = nil }
    }

    // MARK: Changing

    private func marks(of object: FoundObject) -> [Mark] {
        object.kinds.map { newMark($0, on: object.frame) }
    }

    private func newMark(_ kind: Mark.Kind, on frame: Int) -> Mark {
        lastID += 1
        return Mark(id: lastID, frame: frame, kind: kind)
    }

    private func marks(at path: String) -> ClipMarks {
        path == clip?.path ? current : others[path] ?? ClipMarks()
    }

    private func put(_ marks: ClipMarks, at path: String) {
        if path == clip?.path {
            current = marks
        } else {
            others[path] = marks.isEmpty ? nil : marks
        }
    }

    private func change(_ name: String, _ body: (inout ClipMarks) -> Void) {
        if let clip { change(name, of: clip.path, body) }
    }

    /// Changes the marks of a clip, which can then be undone.
    private func change(_ name: String, of path: String, _ body: (inout ClipMarks) -> Void) {
        let before = marks(at: path)
        var now = before
        body(&now)
        guard now != before else { return }
        put(now, at: path)
        undo.note(name) { [self] in
            put(before, at: path)
        } redo: { [self, now] in
            put(now, at: path)
        }
    }
}

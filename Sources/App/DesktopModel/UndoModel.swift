import Localization
import Observation

/// What was done and can be undone.
@MainActor
@Observable
package final class UndoModel {
    private struct Step {
        let id: Int
        let name: String
        let undo: @MainActor () async throws -> Void
        let redo: @MainActor () async throws -> Void
    }

    private var done: [Step] = []
    private var undone: [Step] = []
    private let notices: NoticeModel
    @ObservationIgnored private var lastID = 0
    @ObservationIgnored private var isBusy = false

    /// Name of the step that `undo` takes back; nil if there is none.
    package var nextUndo: String? { done.last?.name }
    /// Name of the step that `redo` repeats.
    package var nextRedo: String? { undone.last?.name }

    init(_ notices: NoticeModel) { self.notices = notices }

    /// Notes something that was done.
    ///
    /// - Parameters:
    ///   - name: such as "Delete dog_001".
    ///   - undo: takes it back.
    ///   - redo: does it again.
    /// - Returns: a number by which just this can be undone, as long as nothing else was done.
    @discardableResult
    func note(
        _ name: String,
        undo: @escaping @MainActor () async throws -> Void,
        redo: @escaping @MainActor () async throws -> Void
    ) -> Int {
        undone = []
        lastID += 1
        done.append(Step(id: lastID, name: name, undo: undo, redo: redo))
        if done.count > 200 { done.removeFirst(100) }
        return lastID
    }

    /// Takes back one thing, if it is what was done last.
    func undo(_ id: Int) async {
        if done.last?.id == id { await undo() }
    }

    /// Takes back what was done last.
    package func undo() async {
        guard !isBusy, let step = done.popLast() else { return }
        isBusy = true
        defer { isBusy = false }
        do {
            try await step.undo()
            undone.append(step)
            notices.say(localized("Undone: %1", step.name))
        } catch {
            done.append(step)
            notices.fail(error)
        }
    }

    /// Does again what was taken back last.
    package func redo() async {
        guard !isBusy, let step = undone.popLast() else { return }
        isBusy = true
        defer { isBusy = false }
        do {
            try await step.redo()
            done.append(step)
            notices.say(localized("Redone: %1", step.name))
        } catch {
            undone.append(step)
            notices.fail(error)
        }
    }
}

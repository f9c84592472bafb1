import Localization
import Observation

/// What was done and can be undone.
@MainActor
@Observable
public final class UndoModel {
    private struct Step {
        let name: String
        let undo: @MainActor () async throws -> Void
        let redo: @MainActor () async throws -> Void
    }

    private var done: [Step] = []
    private var undone: [Step] = []
    private let notices: NoticeModel

    /// The last of what was done, in words; nil when nothing can be undone.
    public var nextUndo: String? { done.last?.name }
    /// What was undone last, in words.
    public var nextRedo: String? { undone.last?.name }

    init(_ notices: NoticeModel) { self.notices = notices }

    /// Notes something that was done.
    ///
    /// - Parameters:
    ///   - name: in words: "Delete dog_001".
    ///   - undo: takes it back.
    ///   - redo: does it again.
    func note(
        _ name: String,
        undo: @escaping @MainActor () async throws -> Void,
        redo: @escaping @MainActor () async throws -> Void
    ) {
        undone = []
        done.append(Step(name: name, undo: undo, redo: redo))
        if done.count > 200 { done.removeFirst(100) }
    }

    /// Takes back what was done last.
    public func undo() async {
        guard let step = done.popLast() else { return }
        do {
            try await step.undo()
            undone.append(step)
            notices.say(localized("Undone: %1", step.name))
        } catch { notices.fail(error) }
    }

    /// Does again what was taken back last.
    public func redo() async {
        guard let step = undone.popLast() else { return }
        do {
            try await step.redo()
            done.append(step)
            notices.say(localized("Done again: %1", step.name))
        } catch { notices.fail(error) }
    }
}

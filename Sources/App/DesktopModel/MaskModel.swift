import ClipLibrary
import Diagnostics
import Files
import Localization
import MaskStore
import Observation
import Progress
import SystemPackage

/// Making masks: how, of which clip, and the run that goes on.
@MainActor
@Observable
package final class MaskModel {
    /// A run that goes on.
    package struct Run: Sendable, Equatable {
        /// The clip.
        package let clip: LibraryClip
        /// Which method.
        package let method: MaskMethodChoice
        /// How far it has come; nil until the first frame is done.
        package var progress: ProgressEvent.Progress?
    }

    /// What the row says.
    package var form = MaskForm() { didSet { if form != oldValue { onForm(form) } } }
    /// The clip that the next run works on: the marker that was selected, or the last export.
    package internal(set) var target: LibraryClip?
    /// The run that goes on.
    package private(set) var run: Run?
    /// The folder with the latest masks of the target; nil when there are none.
    package private(set) var folder: FilePath?
    /// Whether the object is black in those.
    package private(set) var folderIsInverted = false
    /// Counts the readings of the folder, since its files may be others under the same names.
    package private(set) var folderNumber = 0

    private let program: CommandLineProgram
    private let notices: NoticeModel
    @ObservationIgnored private var running: Task<Void, Never>?
    @ObservationIgnored var onForm: @MainActor (MaskForm) -> Void = { _ in }
    @ObservationIgnored var onStart: @MainActor () async -> Void = {}
    /// Told the clip whose masks are done.
    @ObservationIgnored var onDone: @MainActor (LibraryClip) async -> Void = { _ in }

    init(_ program: CommandLineProgram, _ notices: NoticeModel) {
        self.program = program
        self.notices = notices
    }

    /// Makes masks of the target. Asks before masks are replaced that are there.
    ///
    /// - Parameter marks: what shows SAM 2 the object.
    func generate(_ marks: [Mark]) {
        guard run == nil, let clip = target else { return }
        let form = self.form
        run = Run(clip: clip, method: form.method)
        running = Task { [weak self] in
            await self?.generate(form, clip, marks)
            self?.run = nil
            self?.running = nil
        }
    }

    /// Stops the run. Masks that are finished stay, and the next run goes on with them.
    package func cancel() { running?.cancel() }

    /// Stops, and waits until nothing goes on any more.
    func stop() async {
        running?.cancel()
        await running?.value
    }

    private func generate(_ form: MaskForm, _ clip: LibraryClip, _ marks: [Mark]) async {
        do {
            let output = MaskFolder.defaultPath(for: FilePath(clip.path))
            var replaces = false
            if await Self.isComplete(output) {
                guard await askToReplace(output) else { return }
                replaces = true
            }
            await onStart()
            try Task.checkCancellation()
            do {
                try await run(form, clip, marks, replaces)
            } catch let error as EightCutError where error.code == .outputDiffers {
                // An unfinished run with other settings lies there.
                guard await askToReplace(output) else { return }
                try await run(form, clip, marks, true)
            }
            await look(at: clip)
            await onDone(clip)
        } catch { notices.fail(error) }
    }

    private func run(
        _ form: MaskForm,
        _ clip: LibraryClip,
        _ marks: [Mark],
        _ replaces: Bool
    ) async throws {
        let words =
            form.arguments(marks) + ["--clip", "\(clip.id)"] + (replaces ? ["--overwrite"] : [])
        let end = try await CommandRun(program: program, arguments: words).run {
            [weak self] event in await self?.take(event)
        }
        if end.exitStatus != 0 { notices.say(end.summary) }
    }

    private func take(_ event: ProgressEvent) {
        switch event {
        case .progress(let progress): run?.progress = progress
        case .warning(let warning): notices.say(warning.message)
        default: break
        }
    }

    private func askToReplace(_ folder: FilePath) async -> Bool {
        await notices.ask(
            localized("Replace the masks?"),
            localized(
                "There are masks in “%1” already. They stay until the new ones are done.",
                folder.lastComponent?.string ?? folder.string
            ),
            yes: localized("Replace"),
            isDestructive: true
        )
    }

    private nonisolated static func isComplete(_ folder: FilePath) async -> Bool {
        await background {
            let path = folder.appending(MaskManifest.fileName)
            return (try? MaskManifest(readingFrom: path))?.complete ?? false
        }
    }

    /// Forgets the masks of the clip before.
    func forgetFolder() { folder = nil }

    /// Looks for the masks of a clip; nil for none.
    func look(at clip: LibraryClip?) async {
        guard let clip else {
            folder = nil
            return
        }
        let path = MaskFolder.defaultPath(for: FilePath(clip.path))
        let manifest = await background {
            try? MaskManifest(readingFrom: path.appending(MaskManifest.fileName))
        }
        guard clip.id == target?.id else { return }
        let isThere = manifest?.complete ?? false
        folderIsInverted = manifest?.method.settings["invert"].map { "\($0)" } == "true"
        folderNumber += 1
        folder = isThere ? path : nil
    }
}

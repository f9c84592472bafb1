import ClipLibrary
import Diagnostics
import Files
import Localization
import MaskStore
import Observation
import Progress
import SystemPackage

/// Making masks: the form, the clip, and the run.
@MainActor
@Observable
package final class MaskModel {
    /// The folder with the complete masks of a clip.
    package struct Masks: Sendable, Equatable {
        package let folder: FilePath
        /// Whether the object is black.
        package let isInverted: Bool
        /// How far they can be trusted, 0…1; nil where the method does not say.
        package let confidence: Double?
        /// Counts how often folders were read: the files may be new under the same names.
        package let number: Int
    }

    package var form = MaskForm()
    /// The clip that the next run works on: the marker that was selected, or the last export.
    package internal(set) var target: LibraryClip?
    /// The latest masks of the target; nil if there are none.
    package private(set) var latest: Masks?

    private let program: CommandLineProgram
    private let marks: MarksModel
    private let notices: NoticeModel
    private let task = ClipTask()
    @ObservationIgnored private var readCount = 0

    init(_ program: CommandLineProgram, _ marks: MarksModel, _ notices: NoticeModel) {
        self.program = program
        self.marks = marks
        self.notices = notices
    }

    package var folder: FilePath? { latest?.folder }

    /// The current run.
    package var run: ClipRun? { task.run }

    /// Makes masks of the target. Asks before existing masks are replaced.
    ///
    /// - Parameter done: called when all masks are made.
    func generate(_ done: @escaping @MainActor (LibraryClip) async -> Void) {
        guard task.run == nil, let clip = target else { return }
        // What is shown counts: a proposal that is still open is taken.
        marks.takeProposal(of: clip)
        let (form, marks) = (form, marks.marks(of: clip))
        task.start(on: clip) { [weak self] in await self?.generate(form, clip, marks, done) }
    }

    /// Stops the run. Finished masks are kept, and the next run continues with them.
    package func cancel() { task.cancel() }

    /// Stops the run and waits for its end.
    func stop() async { await task.stop() }

    private func generate(
        _ form: MaskForm,
        _ clip: LibraryClip,
        _ marks: [Mark],
        _ done: @MainActor (LibraryClip) async -> Void
    ) async {
        do {
            let output = MaskFolder.defaultPath(for: FilePath(clip.path))
            var replaces = false
            if await Self.isComplete(output) {
                guard await askToReplace(output) else { return }
                replaces = true
            }
            // The run needs the memory of the interactive worker.
            await self.marks.worker.stop()
            try Task.checkCancellation()
            do {
                try await run(form, clip, marks, replaces)
            } catch let error as EightCutError where error.code == .outputDiffers {
                // The folder holds an unfinished run with other settings.
                guard await askToReplace(output) else { return }
                try await run(form, clip, marks, true)
            }
            await look(at: clip)
            await done(clip)
        } catch {
            // The masks may be there all the same.
            await look(at: clip)
            notices.fail(error)
        }
    }

    private func run(
        _ form: MaskForm,
        _ clip: LibraryClip,
        _ marks: [Mark],
        _ replaces: Bool
    ) async throws {
        let arguments =
            form.arguments(marks) + ["--clip", "\(clip.id)"] + (replaces ? ["--overwrite"] : [])
        // What is wrong with the video or the masks comes as a warning.
        try await CommandRun(program: program, arguments: arguments).run {
            [weak self] event in await self?.take(event)
        }
    }

    private func take(_ event: ProgressEvent) {
        switch event {
        case .progress(let progress), .work(let progress): task.note(progress)
        case .warning(let warning): notices.warn(warning)
        default: break
        }
    }

    private func askToReplace(_ folder: FilePath) async -> Bool {
        await notices.ask(
            localized("Replace the masks?"),
            localized(
                "There are masks in “%1” already. They stay until the new ones are done.",
                displayed(folder.lastComponent?.string ?? folder.string)
            ),
            yes: localized("Replace"),
            isDestructive: true
        )
    }

    private nonisolated static func isComplete(_ folder: FilePath) async -> Bool {
        await manifest(in: folder)?.complete ?? false
    }

    private nonisolated static func manifest(in folder: FilePath) async -> MaskManifest? {
        await background {
            try? MaskManifest(readingFrom: folder.appending(MaskManifest.fileName))
        }
    }

    /// Forgets the masks of the previous target.
    func forgetMasks() { latest = nil }

    /// Reads which masks a clip has; nil for no clip.
    func look(at clip: LibraryClip?) async {
        guard let clip else { return forgetMasks() }
        let folder = MaskFolder.defaultPath(for: FilePath(clip.path))
        let manifest = await Self.manifest(in: folder)
        guard clip.id == target?.id else { return }
        guard let manifest, manifest.complete else { return forgetMasks() }
        readCount += 1
        latest = Masks(
            folder: folder,
            isInverted: manifest.polarity == .blackObject,
            confidence: manifest.confidence.map { bounded($0, 0...1) },
            number: readCount
        )
        let problem = await background { MaskSetProblem(of: folder, manifest) }
        guard let problem, clip.id == target?.id else { return }
        notices.say(displayed("\(folder.lastComponent?.string ?? ""): \(problem.text)"))
    }
}

package enum MaskMethodChoice: String, Sendable, Codable, CaseIterable {
    case depth, sam, saliency

    /// Whether the method needs the ML tools.
    package var needsTools: Bool { self != .saliency }
}

/// The settings of the next run.
package struct MaskForm: Sendable, Equatable, Codable {
    /// The method that somebody has chosen; nil before.
    package var chosenMethod: MaskMethodChoice?
    /// The method until one is chosen: one that works without the ML tools, unless they are there.
    package var standardMethod = MaskMethodChoice.saliency
    /// A checkpoint's name or folder; empty for the default.
    package var depthModel = ""
    package var samModel = ""
    /// "auto", "cpu" or "cuda".
    package var device = "auto"
    /// Whether the object is black.
    package var isInverted = false
    /// A level from 0 to 255; nil for the method's own: Otsu's for depth, 128 for saliency.
    package var threshold: Int?
    /// Whether depth masks are temporally smoothed.
    package var isSteady = true

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case depthModel, samModel, device, isInverted, threshold, isSteady
        case chosenMethod = "method"
    }

    /// The method of the next run.
    package var method: MaskMethodChoice {
        get { chosenMethod ?? standardMethod }
        set { chosenMethod = newValue }
    }

    /// The model of the chosen method; empty for the default.
    package var model: String {
        get { method == .sam ? samModel : depthModel }
        set { if method == .sam { samModel = newValue } else { depthModel = newValue } }
    }

    /// The arguments of `8cut`, with the marks as prompts.
    package func arguments(_ marks: [Mark]) -> [String] {
        var arguments = ["masks", method.rawValue]
        if isInverted { arguments.append("--invert") }
        if method.needsTools { arguments += modelArguments }
        switch method {
        case .depth:
            if isSteady { arguments.append("--steady") }
        case .sam:
            arguments += marks.flatMap(\.arguments)
        case .saliency:
            break
        }
        if method != .sam, let threshold { arguments += ["--threshold", "\(threshold)"] }
        return arguments
    }

    /// The options for the model and the device.
    var modelArguments: [String] {
        var arguments = ["--device", device]
        if !model.isEmpty { arguments += ["--model", model] }
        return arguments
    }
}

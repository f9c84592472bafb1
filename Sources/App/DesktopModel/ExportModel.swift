import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import Localization
import Media
import Observation
import Progress
import SystemPackage

/// Cutting clips: the form for the next ones, and the queue of exports.
@MainActor
@Observable
package final class ExportModel {
    /// An export in the queue.
    package struct Order: Identifiable, Sendable {
        package let id: Int
        /// The names of the clips for people.
        package let title: String
        /// Nil while it waits.
        package var progress: ProgressEvent.Progress?
        let arguments: [String]
        /// What it takes of the folder's numbers.
        let name: String
        let folder: String
        let count: Int
        /// Called with the path of each clip.
        let done: @MainActor (String) async -> Void
    }

    package var form = ExportForm() { didSet { if form != oldValue { refreshNextName() } } }
    /// The first one is running.
    package private(set) var orders: [Order] = []
    /// The name of the next clip; nil if it cannot be known.
    package private(set) var nextName: String?
    /// Why the name cannot be used.
    package private(set) var nameProblem: String?

    /// Why the form cannot be exported; nil if it can.
    package var problem: String? {
        nameProblem ?? (form.folder.isEmpty ? localized("Choose a folder for the clips.") : nil)
    }

    private let program: CommandLineProgram
    private let temporary: TemporaryFolder
    private let notices: NoticeModel
    @ObservationIgnored private var running: Task<Void, Never>?
    @ObservationIgnored private var naming: Task<Void, Never>?
    @ObservationIgnored private var lastID = 0
    @ObservationIgnored private var isStopped = false

    init(_ program: CommandLineProgram, _ temporary: TemporaryFolder, _ notices: NoticeModel) {
        self.program = program
        self.temporary = temporary
        self.notices = notices
    }

    package var isRunning: Bool { !orders.isEmpty }

    /// Queues an export of the form.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - seconds: the start of the first clip.
    ///   - done: called with the path of each clip.
    func add(
        _ source: MediaSource,
        at seconds: Double,
        _ done: @escaping @MainActor (String) async -> Void
    ) {
        guard problem == nil else { return }
        var arguments = [
            "export", "--input", source.path.string, "--start", Self.start(seconds),
            "--to", form.folder, "--name=\(form.name)",
        ]
        if form.count > 1 {
            arguments += ["--count", "\(form.count)", "--spread", "\(form.spread)"]
        }
        arguments += form.labelArguments + form.settingArguments + source.readingArguments
        queue(
            Order(
                id: nextID(),
                title: displayed(nextName ?? form.name),
                arguments: arguments,
                name: form.name,
                folder: form.folder,
                count: form.count,
                done: done
            )
        )
    }

    /// Queues an export of several clips, with the form's name, label and settings. Those that are in
    /// the folder already are left out.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - starts: in seconds.
    ///   - done: called with the path of each clip.
    /// - Throws: `EightCutError` when the list of clips cannot be written.
    func add(
        _ source: MediaSource,
        at starts: [Double],
        _ done: @escaping @MainActor (String) async -> Void
    ) throws {
        guard problem == nil, !starts.isEmpty else { return }
        let id = nextID()
        let list = temporary.path.appending(TemporaryFolder.listName(id))
        let rows = ["start"] + starts.map { Self.start($0) }
        try AtomicFile.write(rows.map { $0 + "\n" }.joined(), to: list)
        queue(
            Order(
                id: id,
                title: pluralized("1 clip", "%1 clips", starts.count),
                arguments: [
                    "export", "--list", list.string, "--input", source.path.string, "--to",
                    form.folder, "--name=\(form.name)",
                ] + form.labelArguments + form.settingArguments + source.readingArguments,
                name: "",
                folder: "",
                count: 0,
                done: done
            )
        )
    }

    /// Queues cutting a clip again in its place, with the settings of the form.
    ///
    /// - Parameters:
    ///   - clip: the clip to replace.
    ///   - source: its video, if it is known how that is read.
    ///   - seconds: its new start; nil to keep it.
    ///   - done: called with the path of the clip.
    func cutAgain(
        _ clip: LibraryClip,
        of source: MediaSource?,
        at seconds: Double?,
        _ done: @escaping @MainActor (String) async -> Void
    ) {
        var arguments = ["export", "--replace", "\(clip.id)"] + form.settingArguments
        arguments += source?.readingArguments ?? []
        if let seconds { arguments += ["--start", Self.start(seconds)] }
        queue(
            Order(
                id: nextID(),
                title: displayed(FilePath(clip.path).lastComponent?.string ?? clip.path),
                arguments: arguments,
                name: "",
                folder: "",
                count: 0,
                done: done
            )
        )
    }

    /// The time of a frame for `--start`: a microsecond later, so that rounding cannot select the
    /// previous frame.
    package nonisolated static func start(_ seconds: Double) -> String {
        ClipStart.seconds(
            nanoseconds: Int((bounded(seconds, Limits.seconds) * 1e9).rounded()) + 1000
        )
    }

    /// Stops the running export and drops the waiting ones. Finished clips are kept.
    package func cancel() {
        orders = Array(orders.prefix(1))
        running?.cancel()
    }

    /// Stops everything and waits for its end.
    func stop() async {
        isStopped = true
        cancel()
        await running?.value
    }

    private func nextID() -> Int {
        lastID += 1
        return lastID
    }

    private func queue(_ order: Order) {
        orders.append(order)
        refreshNextName()
        startNext()
    }

    private func startNext() {
        guard running == nil, !isStopped, !orders.isEmpty else { return }
        running = Task { [weak self] in
            while let order = self?.orders.first {
                await self?.run(order)
                self?.orders.removeFirst()
                self?.refreshNextName()
                // Orders that came after the cancel start in a new task.
                if Task.isCancelled { break }
            }
            self?.running = nil
            self?.startNext()
        }
    }

    private func run(_ order: Order) async {
        do {
            try await CommandRun(program: program, arguments: order.arguments).run {
                [weak self] event in await self?.take(event, of: order)
            }
        } catch { notices.fail(error) }
    }

    private func take(_ event: ProgressEvent, of order: Order) async {
        switch event {
        case .progress(let progress):
            if !orders.isEmpty { orders[0].progress = progress }
        case .artifact(let artifact) where artifact.kind == "clip":
            await order.done(artifact.path)
        // That a video has no audio is shown before the export.
        case .warning(let warning) where warning.code != "noAudio":
            notices.warn(warning)
        default: break
        }
    }

    /// Finds the next free number in the folder.
    func refreshNextName() {
        naming?.cancel()
        let (form, orders) = (self.form, self.orders)
        do {
            try ClipName.check(form.name)
            nameProblem = nil
        } catch {
            nameProblem = (error as? EightCutError)?.localizedWhy ?? "\(error)"
        }
        guard problem == nil else {
            nextName = nil
            return
        }
        naming = Task { [weak self] in
            let names = try? await background {
                let waiting = orders.filter { ($0.name, $0.folder) == (form.name, form.folder) }
                return try ClipFolder(FilePath(form.folder)).nextNames(
                    waiting.map { ($0.name, $0.count > 1 ? $0.count : 0) }
                        + [(form.name, form.count > 1 ? form.count : 0)]
                ).suffix(max(1, form.count))
            }
            guard !Task.isCancelled else { return }
            self?.nextName = names?.first.map { $0 + ".mp4" }
        }
    }
}

/// The settings of the next clips except their start.
package struct ExportForm: Sendable, Equatable, Codable {
    package var name = "clip"
    /// Empty until one was chosen.
    package var folder = ""
    package var label = ""
    package var category = ""
    /// Number of clips in a row.
    package var count = 1
    /// Seconds between the starts of two clips.
    package var spread = 1.0
    /// The name of a target profile; empty for none.
    package var preset = ""
    /// A ratio such as "9:16"; empty for the whole frame.
    package var crop = ""
    /// Position of the crop, from 0 to 1.
    package var cropCenter = 0.5
    /// Pixels of the shorter side; 0 to keep the size.
    package var shortSide = 0
    /// Whether a clip may be shorter at the end of the video.
    package var allowsShort = false

    package init() {}

    /// Where the clips of a video go until a folder is chosen: beside it, or where nothing can be
    /// written beside it, into the user's folder for videos.
    ///
    /// - Parameters:
    ///   - video: the video's path.
    ///   - videos: the user's folder for videos.
    /// - Returns: the folder for the clips.
    package static func folder(
        for video: FilePath,
        videos: FilePath = VideosFolder.current
    ) -> FilePath {
        FlatpakSandbox.isLoneDocument(video)
            ? videos.appending("8-cut") : video.removingLastComponent().appending("clips")
    }

    /// Length of a clip in seconds.
    package var duration: Double {
        (DatasetProfile.named(preset)?.clip?.duration ?? CutSettings().duration).value
    }

    /// The options of `8cut export` for one clip.
    package var settingArguments: [String] {
        var arguments: [String] = []
        if !preset.isEmpty { arguments += ["--profile", preset] }
        if !crop.isEmpty { arguments += ["--crop", crop, "--crop-center", "\(cropCenter)"] }
        if shortSide > 0 { arguments += ["--short-side", "\(shortSide)"] }
        if allowsShort { arguments.append("--allow-short") }
        return arguments
    }

    package var labelArguments: [String] {
        var arguments: [String] = []
        if !label.isEmpty { arguments.append("--label=\(label)") }
        if !category.isEmpty { arguments.append("--category=\(category)") }
        return arguments
    }
}

extension MediaSource {
    /// The options of `8cut export` for the stream that is shown, and for its interlaced frames. A
    /// clip has one stream, and its frames as they were chosen: masks of it need no options.
    package var readingArguments: [String] {
        var arguments: [String] = []
        if videoChoice.isAmbiguous || !video.isAutomatic {
            arguments += ["--video-stream", "\(video.number)"]
        }
        let deinterlacing = video.options.deinterlacing
        if deinterlacing != .auto { arguments += ["--deinterlace", deinterlacing.rawValue] }
        return arguments
    }
}

import ClipExport
import ClipLibrary
import Diagnostics
import Files
import Localization
import Media
import Observation
import Progress
import SystemPackage

/// Cutting clips: what the next ones shall be, and those that wait or are being cut.
@MainActor
@Observable
package final class ExportModel {
    /// An export that waits or goes on.
    package struct Order: Identifiable, Sendable, Equatable {
        /// A number of its own.
        package let id: Int
        /// What it will make, in a few words.
        package let title: String
        /// How far it has come; nil while it waits.
        package var progress: ProgressEvent.Progress?
        let arguments: [String]
        /// Names of the clips, which are taken.
        let name: String
        let folder: String
        let count: Int
    }

    /// What the row says.
    package var form = ExportForm() {
        didSet {
            guard form != oldValue else { return }
            onForm(form)
            refreshNextName()
        }
    }
    /// Exports in their order; the first one goes on.
    package private(set) var orders: [Order] = []
    /// The name of the clip that would be cut next; nil when it cannot be known.
    package private(set) var nextName: String?
    /// Why the name cannot be used.
    package private(set) var nameProblem: String?

    /// Why nothing can be cut with what the row says; nil when it can.
    package var problem: String? {
        nameProblem ?? (form.folder.isEmpty ? localized("Choose a folder for the clips.") : nil)
    }

    private let program: CommandLineProgram
    private let notices: NoticeModel
    @ObservationIgnored private var running: Task<Void, Never>?
    @ObservationIgnored private var naming: Task<Void, Never>?
    @ObservationIgnored private var lastID = 0
    /// Whether the app ends.
    @ObservationIgnored private var isStopped = false
    @ObservationIgnored var onForm: @MainActor (ExportForm) -> Void = { _ in }
    /// Told the path of every clip that was cut.
    @ObservationIgnored var onClip: @MainActor (String) async -> Void = { _ in }

    init(_ program: CommandLineProgram, _ notices: NoticeModel) {
        self.program = program
        self.notices = notices
    }

    /// Whether clips are being cut.
    package var isRunning: Bool { !orders.isEmpty }

    /// Queues an export.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - seconds: where the first clip begins.
    func add(_ source: MediaSource, at seconds: Double) {
        guard problem == nil else { return }
        var words = [
            "export", "--input", source.path.string, "--start", Self.start(seconds),
            "--to", form.folder, "--name=\(form.name)",
        ]
        if form.count > 1 { words += ["--count", "\(form.count)", "--spread", "\(form.spread)"] }
        words += form.labelArguments + form.settingArguments
        queue(nextName ?? form.name, words, name: form.name, folder: form.folder, form.count)
    }

    /// Queues cutting a clip again in its place, as the row says and at another start perhaps.
    ///
    /// - Parameters:
    ///   - clip: which one.
    ///   - seconds: where it begins; nil for where it began.
    func cutAgain(_ clip: LibraryClip, at seconds: Double?) {
        var words = ["export", "--replace", "\(clip.id)"] + form.settingArguments
        if let seconds { words += ["--start", Self.start(seconds)] }
        let name = FilePath(clip.path).lastComponent?.string ?? clip.path
        queue(name, words, name: "", folder: "", 0)
    }

    /// The time of a picture as `--start` takes it: a microsecond later, so that rounding cannot
    /// lead to the picture before.
    package nonisolated static func start(_ seconds: Double) -> String {
        ClipStart.seconds(nanoseconds: Int((seconds * 1e9).rounded()) + 1000)
    }

    /// Stops what is being cut, and forgets what waits. Clips that are finished stay.
    package func cancel() {
        orders = Array(orders.prefix(1))
        running?.cancel()
    }

    /// Stops, and waits until nothing goes on any more.
    func stop() async {
        isStopped = true
        cancel()
        await running?.value
    }

    private func queue(
        _ title: String,
        _ arguments: [String],
        name: String,
        folder: String,
        _ count: Int
    ) {
        lastID += 1
        orders.append(
            Order(
                id: lastID,
                title: title,
                arguments: arguments,
                name: name,
                folder: folder,
                count: count
            )
        )
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
                // Cancelling takes all that waited along; what came later begins anew.
                if Task.isCancelled { break }
            }
            self?.running = nil
            self?.startNext()
        }
    }

    private func run(_ order: Order) async {
        do {
            try await CommandRun(program: program, arguments: order.arguments).run {
                [weak self] event in await self?.take(event)
            }
        } catch { notices.fail(error) }
    }

    private func take(_ event: ProgressEvent) async {
        switch event {
        case .progress(let progress):
            if !orders.isEmpty { orders[0].progress = progress }
        case .artifact(let artifact) where artifact.kind == "clip":
            await onClip(artifact.path)
        case .warning(let warning): notices.say(warning.message)
        default: break
        }
    }

    /// Looks at the folder for the next number.
    func refreshNextName() {
        naming?.cancel()
        let (form, orders) = (self.form, self.orders)
        do {
            try ClipName.check(form.name)
            nameProblem = nil
        } catch {
            nameProblem = (error as? EightCutError)?.why ?? "\(error)"
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

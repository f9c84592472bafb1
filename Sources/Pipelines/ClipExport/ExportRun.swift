import ClipLibrary
import Diagnostics
import Files
import Media
import Progress
import Synchronization
import SystemPackage

/// Cuts clips into a folder: numbered, in parallel, each completely or not at all, and recorded.
package struct ExportRun: Sendable {
    private let requests: [ExportRequest]
    private let folder: ClipFolder
    private let width: Int
    private let reporter: any ProgressReporter
    /// The clip that is cut again, in its place.
    private let replaced: LibraryClip?

    /// - Parameters:
    ///   - requests: what to cut, at least one.
    ///   - folder: where to.
    ///   - replaced: the clip whose place the only request takes; nil for new clips.
    ///   - width: groups of clips that are cut side by side.
    ///   - reporter: receives the events.
    package init(
        _ requests: [ExportRequest],
        to folder: FilePath,
        replacing replaced: LibraryClip? = nil,
        width: Int,
        reporter: any ProgressReporter
    ) {
        self.requests = requests
        self.folder = ClipFolder(folder)
        self.replaced = replaced
        self.width = max(1, width)
        self.reporter = reporter
    }

    /// The commands of ffmpeg, as lines for a shell. Nothing is written.
    package func commands() async throws -> [String] {
        let planned = try await ExportPlanner(requests: requests, reporter: reporter).plan()
        let names =
            try replaced.map { [Self.stem(of: $0)] }
            ?? folder.nextNames(requests.map { ($0.name, $0.siblings) })
        return try zip(planned.flatMap(\.self), names).map { clip, name in
            let files = try ClipNames(
                stem: name,
                form: clip.request.settings.form,
                audio: clip.plan.audio == nil ? .none : clip.request.settings.audio
            ).files(in: folder.path)
            return Cut([clip.plan], to: [files], with: clip.encoder).shellLine
        }
    }

    /// Cuts the clips.
    ///
    /// - Parameter library: where they are kept.
    /// - Returns: the clips, in the order of the requests.
    /// - Throws: `EightCutError`, `CancellationError` or `OutputClosed`. Clips that are finished
    ///   stay; of others nothing is left.
    package func run(_ library: Library) async throws -> [ExportedClip] {
        let planned = try await ExportPlanner(requests: requests, reporter: reporter).plan()
        let recorder = ExportRecorder(library: library, reporter: reporter)
        if let replaced { try check(replaced, planned.flatMap(\.self)) }
        // What a killed export has left complete goes to its place before leftovers are deleted.
        try await LibraryRecovery(library).run(in: folder.path)
        let items = try await begin(planned, library, recorder)
        do {
            // A video that was moved has another path in the lists of its earlier clips too.
            try await library.publishUnlisted()
            return try await cut(items, recorder)
        } catch {
            await giveUp(items.map(\.place), items.map(\.id), recorder)
            throw error
        }
    }

    /// Reserves the places of the clips that have to be cut, and records them as begun. All of it
    /// happens under the lock of the folder, so that of two exports of one list each clip is cut by
    /// one.
    private func begin(
        _ planned: [[PlannedClip]],
        _ library: Library,
        _ recorder: ExportRecorder
    ) async throws -> [Item] {
        let folder = try await self.folder.open()
        defer { withExtendedLifetime(folder) {} }
        let found = try await ExistingClips(library: library, folder: self.folder.path)
            .find(planned)
        try reporter.warn("existingClips", ExistingClips.note(planned, found))
        let missing = zip(planned, found).map { clips, found in
            clips.indices.filter { found[$0] == nil }
        }
        let clips = zip(planned, missing).flatMap { clips, missing in missing.map { clips[$0] } }
        try await recorder.warnOfRepeats(clips, in: self.folder.path, except: replaced?.id)
        let places = try reserve(planned, missing, found, in: folder)
        var ids: [Int64] = []
        do {
            if let replaced {
                try check(places, replaced)
                try await requireIdle(replaced, library)
                ids = [replaced.id]
                try await recorder.beginAgain(replaced.id, clips[0], places[0])
            } else {
                ids = try await recorder.begin(clips, places)
            }
        } catch {
            await giveUp(places, ids, recorder)
            throw error
        }
        return clips.indices.map { Item(clip: clips[$0], place: places[$0], id: ids[$0]) }
    }

    /// The name of a clip without its ending.
    private static func stem(of clip: LibraryClip) -> String {
        ClipName.stem(of: FilePath(clip.path).lastComponent?.string ?? "")
    }

    /// Makes sure that nothing is lost when a clip is replaced: its source is not the clip itself,
    /// by any name, and its files are those that 8cut has made.
    private func check(_ replaced: LibraryClip, _ clips: [PlannedClip]) throws {
        guard let stored = try StoredClip(replaced) else { return }
        let path = FilePath(replaced.path)
        for clip in clips {
            let input = clip.plan.source.path
            let isInside =
                !stored.isVideo && FileStatus.isSame(input.removingLastComponent(), path)
            guard !FileStatus.isSame(input, path), !isInside else {
                throw EightCutError(
                    .usage,
                    "cannot cut again",
                    on: path.string,
                    because: "its source would be the clip itself",
                    remedy: "Name the video that it was cut from."
                )
            }
        }
        try stored.requireOurs(toDo: "cannot replace")
        try stored.requireNothingElse(toDo: "cannot replace")
    }

    /// Makes sure that no other export replaces the same clip.
    private func requireIdle(_ replaced: LibraryClip, _ library: Library) async throws {
        guard let now = try await library.clip(replaced.id), now.pending != nil else { return }
        throw EightCutError(
            .outputBusy,
            "cannot cut again",
            on: replaced.path,
            because: "another export is doing that",
            remedy: "Wait for it to end."
        )
    }

    /// A clip with its place and its number.
    private struct Item: Sendable {
        let clip: PlannedClip
        let place: ClipPlace
        let id: Int64
    }

    /// Nothing is left of clips that are not finished. This goes on when the task is cancelled.
    private func giveUp(
        _ places: [ClipPlace],
        _ ids: [Int64],
        _ recorder: ExportRecorder
    ) async {
        await Task {
            for id in ids {
                // One that is complete is finished when the library is opened again.
                guard let clip = try? await recorder.library.clip(id), clip.pending != nil,
                    clip.draft?.file == nil
                else { continue }
                try? await LibraryRecovery(recorder.library).drop(clip)
            }
        }.value
        // Their files go after their records.
        withExtendedLifetime(places) {}
    }

    private func check(_ places: [ClipPlace], _ replaced: LibraryClip) throws {
        guard places.count == 1, places[0].files.main.string == replaced.path else {
            throw EightCutError(
                .usage,
                "cannot cut again",
                on: replaced.path,
                because: places.count == 1
                    ? "with these settings its name would be "
                        + quoted(places[0].files.main.lastComponent?.string ?? "")
                    : "it is one clip",
                remedy: "Export a new clip instead."
            )
        }
    }

    private func reserve(
        _ planned: [[PlannedClip]],
        _ missing: [[Int]],
        _ found: [[ExistingClips.Match?]],
        in folder: LockedClipFolder
    ) throws -> [ClipPlace] {
        var places: [ClipPlace] = []
        for (row, clips) in planned.enumerated() {
            guard let first = clips.first, !missing[row].isEmpty else { continue }
            let request = first.request
            let audio = first.plan.audio == nil ? .none : request.settings.audio
            if let replaced {
                let form = request.settings.form
                let stem = Self.stem(of: replaced)
                places.append(try folder.reserve(again: stem, form: form, audio: audio))
            } else {
                let known = found[row].lazy.compactMap { $0?.clip.path }.first
                let number = known.flatMap {
                    ClipName.number(
                        of: FilePath($0).lastComponent?.string ?? "",
                        name: request.name
                    )
                }
                places += try folder.reserve(request, missing[row], number: number, audio: audio)
            }
        }
        return places
    }

    private func cut(_ items: [Item], _ recorder: ExportRecorder) async throws -> [ExportedClip] {
        let progress = ExportProgress(
            total: items.reduce(0) { $0 + $1.clip.plan.frameCount },
            reporter: reporter
        )
        let groups = CutGroup.make(items.map(\.clip), width: width)
        let notes = FieldNotes(reporter)
        return try await withThrowingTaskGroup(of: [(Int, Outcome)].self) { tasks in
            var done: [Int: Outcome] = [:]
            var next = groups.enumerated().makeIterator()
            func start() {
                guard let (number, group) = next.next() else { return }
                let members = group.members.map { items[$0] }
                tasks.addTask {
                    let outcomes = try await attempt(members, recorder, notes) {
                        try progress.report(number, $0)
                    }
                    return Array(zip(group.members, outcomes))
                }
            }
            for _ in 0..<width { start() }
            while let outcomes = try await tasks.next() {
                for (number, outcome) in outcomes { done[number] = outcome }
                start()
            }
            return try clips(done.sorted { $0.key < $1.key }.map(\.value))
        }
    }

    /// A clip, or why its source could not fill it.
    private typealias Outcome = Result<ExportedClip, EightCutError>

    /// Cuts clips that overlap. Where the source is damaged, each by itself: the others are cut.
    private func attempt(
        _ items: [Item],
        _ recorder: ExportRecorder,
        _ notes: FieldNotes,
        _ report: @escaping @Sendable (Int) throws -> Void
    ) async throws -> [Outcome] {
        do {
            return try await cut(items, recorder, notes, report).map { .success($0) }
        } catch let error as EightCutError where error.code == .inputUnusable {
            guard items.count > 1 else { return [.failure(error)] }
            var outcomes: [Outcome] = []
            for item in items {
                outcomes += try await attempt([item], recorder, notes) { _ in }
            }
            return outcomes
        }
    }

    /// Tells of all clips that failed but the first, which is the error.
    private func clips(_ outcomes: [Outcome]) throws -> [ExportedClip] {
        var failures = outcomes.compactMap { outcome in
            if case .failure(let error) = outcome { error } else { nil }
        }[...]
        guard let first = failures.popFirst() else { return try outcomes.map { try $0.get() } }
        for error in failures {
            try reporter.warn(ErrorCode.inputDamaged.rawValue, "\(error)")
        }
        throw first
    }

    private func cut(
        _ items: [Item],
        _ recorder: ExportRecorder,
        _ notes: FieldNotes,
        _ report: @escaping @Sendable (Int) throws -> Void
    ) async throws -> [ExportedClip] {
        let cut = Cut(
            items.map(\.clip.plan),
            to: items.map(\.place.childFiles),
            with: items[0].clip.encoder
        )
        let results = try await cut.run(report)
        var clips: [ExportedClip] = []
        for (item, result) in zip(items, results) {
            // From here on a clip is finished even when the task is cancelled.
            try await Task {
                try await recorder.finish(item.id, item.clip.request, result, item.place)
            }.value
            let clip = ExportedClip(
                request: item.clip.request,
                files: item.place.files,
                result: result,
                id: item.id
            )
            try reporter.report(.artifact(.init(kind: "clip", path: clip.files.main.string)))
            for warning in clip.warnings { try reporter.report(.warning(warning)) }
            try notes.report(result)
            clips.append(clip)
        }
        return clips
    }
}

/// Adds up the frames of clips that are cut in parallel.
final class ExportProgress: Sendable {
    private let state = Mutex(State())
    private let total: Int
    private let meter = ProgressMeter()
    private let reporter: any ProgressReporter

    private struct State {
        var done: [Int: Int] = [:]
        var lastReport: ContinuousClock.Instant?
    }

    init(total: Int, reporter: any ProgressReporter) {
        self.total = total
        self.reporter = reporter
    }

    /// Reports the number of finished frames of a group, ten times a second at most.
    func report(_ group: Int, _ count: Int) throws {
        let sum = state.withLock { state -> Int? in
            state.done[group] = count
            let sum = min(total, state.done.values.reduce(0, +))
            let now = ContinuousClock.now
            if sum < total, let last = state.lastReport, last.duration(to: now) < .milliseconds(100)
            {
                return nil
            }
            state.lastReport = now
            return sum
        }
        guard let sum else { return }
        try reporter.report(
            .progress(meter.progress(done: sum, total: total, totalIsEstimate: false))
        )
    }

    /// Seconds since the start, to a tenth.
    var seconds: Double { (meter.elapsed * 10).rounded() / 10 }
}

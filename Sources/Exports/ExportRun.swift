import Clips
import Diagnostics
import Files
import Jobs
import Media
import SystemPackage

/// Cuts clips into a folder: numbers, side by side, all or nothing of each.
public struct ExportRun: Sendable {
    private let requests: [ExportRequest]
    private let folder: ClipFolder
    private let width: Int
    private let reporter: any JobReporter

    /// Plans an export.
    ///
    /// - Parameters:
    ///   - requests: what to cut, at least one.
    ///   - folder: where to.
    ///   - width: groups of clips that are cut side by side.
    ///   - reporter: who is told how it goes.
    public init(
        _ requests: [ExportRequest],
        to folder: FilePath,
        width: Int,
        reporter: any JobReporter
    ) {
        self.requests = requests
        self.folder = ClipFolder(folder)
        self.width = max(1, width)
        self.reporter = reporter
    }

    /// The commands of ffmpeg, as lines for a shell. Nothing is written.
    public func commands() async throws -> [String] {
        let planned = try await ExportPlanner(requests: requests, reporter: reporter).plan()
        let names = try folder.nextNames(requests.map { ($0.name, $0.siblings) })
        return zip(planned.flatMap(\.self), names).map { clip, name in
            let files = ClipPlace.files(
                in: folder.path,
                stem: name,
                form: clip.request.settings.form,
                sound: clip.plan.sound == nil ? .none : clip.request.settings.sound
            )
            return Cut([clip.plan], to: [files], with: clip.encoder).shellLine
        }
    }

    /// Cuts the clips.
    ///
    /// - Returns: the clips, in the order of the requests.
    /// - Throws: `EightCutError`, `CancellationError` or `ReaderGone`. Clips that are finished
    ///   stay; of others nothing is left.
    public func run() async throws -> [ExportedClip] {
        let planned = try await ExportPlanner(requests: requests, reporter: reporter).plan()
        let clips = planned.flatMap(\.self)
        let places = try await reserve(planned)
        let progress = ExportProgress(
            total: clips.reduce(0) { $0 + $1.plan.frameCount },
            reporter: reporter
        )
        do {
            let done = try await cut(clips, places, progress)
            return done.sorted { $0.key < $1.key }.map(\.value)
        } catch {
            for place in places { place.abandon() }
            throw error
        }
    }

    private func reserve(_ planned: [[PlannedClip]]) async throws -> [ClipPlace] {
        var places: [ClipPlace] = []
        for clips in planned {
            guard let first = clips.first else { continue }
            let settings = first.request.settings
            places += try await folder.reserve(
                [(first.request.name, first.request.siblings)],
                form: settings.form,
                sound: first.plan.sound == nil ? .none : settings.sound
            )
        }
        return places
    }

    private func cut(
        _ clips: [PlannedClip],
        _ places: [ClipPlace],
        _ progress: ExportProgress
    ) async throws -> [Int: ExportedClip] {
        try await withThrowingTaskGroup(of: [(Int, ExportedClip)].self) { tasks in
            var done: [Int: ExportedClip] = [:]
            var groups = CutGroup.make(clips).enumerated().makeIterator()
            func start() {
                guard let (number, group) = groups.next() else { return }
                tasks.addTask {
                    let members = group.members
                    let cut = Cut(
                        members.map { clips[$0].plan },
                        to: members.map { places[$0].temporary },
                        with: clips[members[0]].encoder
                    )
                    let results = try await cut.run { try progress.report(number, $0) }
                    var finished: [(Int, ExportedClip)] = []
                    for (member, result) in zip(members, results) {
                        let clip = try await finish(clips[member], places[member], result)
                        finished.append((member, clip))
                    }
                    return finished
                }
            }
            for _ in 0..<width { start() }
            while let finished = try await tasks.next() {
                for (number, clip) in finished { done[number] = clip }
                start()
            }
            return done
        }
    }

    private func finish(
        _ clip: PlannedClip,
        _ place: ClipPlace,
        _ result: CutResult
    ) async throws -> ExportedClip {
        try place.finish()
        let done = ExportedClip(request: clip.request, files: place.files, result: result, id: nil)
        try tell(done)
        return done
    }

    private func tell(_ clip: ExportedClip) throws {
        let path = clip.files.main.string
        try reporter.report(.artifact(.init(kind: "clip", path: path)))
        var warnings: [(String, String)] = []
        if clip.result.isSilent {
            warnings.append(("silentSound", "\(quoted(path)) is silent: no sample reaches -60 dBFS."))
        } else if clip.result.missingSound > 0.1 {
            let seconds = (clip.result.missingSound * 10).rounded() / 10
            warnings.append(
                ("shortSound", "\(quoted(path)): the source has no sound for its last \(seconds) s.")
            )
        }
        for (code, message) in warnings {
            try reporter.report(.warning(.init(code: code, message: message)))
        }
    }
}

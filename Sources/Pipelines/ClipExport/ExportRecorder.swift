import ClipLibrary
import Diagnostics
import Files
import FoundationEssentials
import Progress
import SystemPackage

/// Keeps the library and `dataset.json` up to date while clips are cut, in the order that `Library`
/// describes.
struct ExportRecorder: Sendable {
    let library: Library
    let reporter: any ProgressReporter

    /// Warns, in one line, of clips that repeat one that was cut into the same folder with the same
    /// settings before.
    func warnOfRepeats(_ clips: [PlannedClip], in folder: FilePath, except id: Int64?) async throws
    {
        var repeats: [(clip: PlannedClip, other: LibraryClip)] = []
        var files: [FilePath: FileFingerprint] = [:]
        for clip in clips {
            let source = clip.plan.source.path
            let file = try files[source] ?? FileFingerprint(of: source)
            files[source] = file
            let near = try await library.clips(near: clip.plan.start, of: file).first { other in
                let parent = FilePath(other.path).removingLastComponent()
                return other.id != id && LibraryPath.plain(parent) == folder
                    && clip.plan.settings.areSame(as: other.info)
            }
            if let near { repeats.append((clip, near)) }
        }
        guard let (clip, other) = repeats.first else { return }
        let start = ClipStart.clock(nanoseconds: clip.plan.start / 1_000_000 * 1_000_000)
        let rest = repeats.count - 1
        let first: MessageText =
            "the clip at \(start) repeats clip \(other.id), \(quoted(other.path)), which begins "
            + "within half a second of it."
        let more: MessageText =
            rest == 1 ? " So does 1 more of the clips." : " So do \(rest) more of the clips."
        let message = rest > 0 ? first + more : first
        try reporter.report(.warning(.init(code: "repeatedClip", message: message)))
    }

    /// Records clips that are about to be cut.
    ///
    /// - Returns: their numbers, in their order.
    func begin(_ clips: [PlannedClip], _ places: [ClipPlace]) async throws -> [Int64] {
        var ids = [Int64](repeating: 0, count: clips.count)
        var bySource: [FilePath: [Int]] = [:]
        for (place, clip) in clips.enumerated() {
            bySource[clip.plan.source.path, default: []].append(place)
        }
        for (source, members) in bySource {
            let numbers = try await library.begin(
                try members.map { try Self.draft(clips[$0].request, clips[$0].plan, places[$0]) },
                of: source,
                try FileFingerprint(of: source)
            )
            for (member, number) in zip(members, numbers) { ids[member] = number }
        }
        return ids
    }

    /// Records that a clip is about to be cut again.
    func beginAgain(_ id: Int64, _ clip: PlannedClip, _ place: ClipPlace) async throws {
        let source = clip.plan.source.path
        try await library.beginAgain(
            id,
            try Self.draft(clip.request, clip.plan, place),
            of: (source, try FileFingerprint(of: source))
        )
    }

    /// Gives a complete clip its name, and records it.
    func finish(
        _ id: Int64,
        _ request: ExportRequest,
        _ result: CutResult,
        _ place: ClipPlace
    ) async throws {
        let draft = try place.completed(Self.draft(request, result.plan, place))
        if let path = try await library.publish(id, draft, in: place.folder) {
            let message = DatasetFile.damage(movedTo: path)
            try reporter.report(.warning(.init(code: "damagedList", message: message)))
        }
    }

    private static func draft(
        _ request: ExportRequest,
        _ plan: CutPlan,
        _ place: ClipPlace
    ) throws -> ClipDraft {
        let info = ClipInfo(
            path: place.files.main.string,
            label: request.label,
            category: request.category,
            start: plan.start,
            duration: plan.duration,
            frameCount: plan.frameCount,
            frameRate: plan.frameRate.description,
            width: plan.size.width,
            height: plan.size.height,
            sampleRate: plan.audio?.sampleRate,
            sampleCount: plan.audio?.sampleCount,
            settings: try JSONText.line(plan.settings)
        )
        return ClipDraft(
            info,
            pending: place.temporary.main.string,
            pendingAudio: place.temporary.audio?.string
        )
    }
}

import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import Media
import SystemPackage

/// A clip that is cut again from its source, as a consumer needs it.
package struct ClipCut: Sendable {
    package let plan: CutPlan
    let encoder: VideoEncoder
    /// Where its frames and pixels are in the clip; nil where the library does not know that.
    let placement: ClipPlacement?

    /// What it will have.
    package var facts: ClipFacts {
        ClipFacts(
            frameCount: plan.frameCount,
            frameRate: plan.frameRate,
            width: plan.size.width,
            height: plan.size.height,
            audio: plan.audio.map {
                ClipFacts.Audio(
                    sampleRate: $0.sampleRate,
                    sampleCount: $0.sampleCount,
                    channels: $0.layout.channels
                )
            }
        )
    }

    /// The ending of its file.
    var ending: String { ".mp4" }

    /// The source's content is not in it.
    var recipe: String { "\(plan.start) " + ((try? JSONText.line(plan.settings)) ?? "") }

    /// Cuts the clip.
    ///
    /// - Throws: `EightCutError` when the source cannot be read, or the folder not be written.
    func write(as name: FilePath.Component, in folder: OpenFolder) async throws {
        let file = try folder.newFile(for: name)
        let files = ClipFiles(main: file.childPath, audio: nil)
        _ = try await Cut([plan], to: [files], with: encoder).run { _ in }
        try file.publish(replaces: true)
    }
}

/// What a cut of a clip shows, beyond what the profile needs.
struct CutAim: Sendable {
    /// The exact size and frame count.
    var bucket: Bucket?
    /// The part of the source, inside of what the clip shows; nil for all of that.
    var part: FramePart?
    /// Where that part is on each frame, if it moves.
    var path: CropPath?
    /// What that part is scaled to; nil for the size that it has in the clip.
    var size: FrameSize?
    /// Whether it has the clip's audio.
    var hasAudio = true
}

/// Plans clips that are cut again; clips of one source share what is read of it.
actor ClipCutter {
    private let profile: DatasetProfile
    private var sources: [String: (media: MediaSource, index: FrameIndex)] = [:]
    private var encoders: [CutSettings.Encoder: VideoEncoder] = [:]

    init(_ profile: DatasetProfile) {
        self.profile = profile
    }

    /// How a clip was cropped and scaled.
    ///
    /// - Returns: nil where its settings do not give the size that it has.
    /// - Throws: `EightCutError` when the source is gone or cannot be read.
    func geometry(_ selected: SelectedClip) async throws -> FrameGeometry? {
        let media = try await source(selected.clip, selected.settings).media
        return FrameGeometry(of: selected.clip, selected.settings, media)
    }

    /// How many channels the audio has that a clip was cut from: the clip has no more.
    ///
    /// - Returns: nil where the source is gone, so that the clip cannot be cut again.
    /// - Throws: `CancellationError`.
    func channels(_ selected: SelectedClip) async throws -> Int? {
        do {
            let media = try await source(selected.clip, selected.settings).media
            return try media.audioStream(selected.settings.audioStream)?.channels
        } catch is EightCutError {
            return nil
        }
    }

    /// The cut of a clip for the profile, from the same first frame on.
    ///
    /// - Throws: `EightCutError` when the source is gone, ends too early, or cannot be read.
    func plan(
        _ selected: SelectedClip,
        _ clip: ClipFacts,
        _ aim: CutAim = CutAim()
    ) async throws -> ClipCut {
        let source = try await source(selected.clip, selected.settings)
        let geometry = FrameGeometry(of: selected.clip, selected.settings, source.media)
        var settings = settings(selected, clip)
        if !aim.hasAudio { settings.audio = .none }
        if let bucket = aim.bucket, let rate = settings.frameRate {
            settings.apply(bucket, at: rate)
        }
        if let geometry { Self.aim(aim, in: geometry, of: source.media, &settings) }
        let start = ClipStart.time(nanoseconds: selected.clip.start)
        var plan = try await CutPlanner(source.media, settings, source.index)
            .plan(start, reading: clip.duration)
        if let own = geometry?.path, let part = settings.part {
            // The clip follows an object: the cut does it too, at its own frame rate.
            settings.path = own.taken(at: ClipPlacement.frames(of: plan, in: clip).frames)
                .beginning(atColumn: part.x, row: part.y)
            plan = try await CutPlanner(source.media, settings, source.index)
                .plan(start, reading: clip.duration)
        }
        return ClipCut(
            plan: plan,
            encoder: try await encoder(settings),
            placement: geometry.flatMap { ClipPlacement(plan, of: clip, $0) }
        )
    }

    /// The clip's settings, with what the profile sets.
    private func settings(_ selected: SelectedClip, _ clip: ClipFacts) -> CutSettings {
        var settings = selected.settings
        settings.apply(profile)
        settings.frameRate = profile.clip?.frameRate ?? clip.frameRate
        settings.path = nil
        settings.form = .video
        settings.allowsShort = false
        // Only MP4 files are read under the names that consumers look for.
        settings.audio = .aac
        let hasLength = profile.clip?.duration != nil && profile.clip?.isFree == false
        if let rate = settings.frameRate, !hasLength {
            let count = profile.clip?.frameCount(of: clip) ?? clip.frameCount
            settings.duration =
                Rational(count * rate.denominator, rate.numerator) ?? settings.duration
            (settings.bucket, settings.reachesEnd) = (nil, false)
        }
        return settings
    }

    /// Crops and scales what the clip shows, not the whole source.
    private static func aim(
        _ aim: CutAim,
        in geometry: FrameGeometry,
        of media: MediaSource,
        _ settings: inout CutSettings
    ) {
        (settings.crop, settings.shortSide, settings.path) = (nil, nil, aim.path)
        if let bucket = aim.bucket, aim.path == nil {
            settings.part = DatasetCrop.part(
                of: bucket.shape.value / media.pixelAspect.value,
                aim.part ?? geometry.shown,
                in: aim.part == nil ? nil : geometry.shown
            )
        } else {
            settings.part = aim.part ?? geometry.shown
            settings.size = aim.bucket == nil ? aim.size ?? geometry.size : nil
        }
    }

    private func source(
        _ clip: LibraryClip,
        _ settings: CutSettings
    ) async throws -> (media: MediaSource, index: FrameIndex) {
        let key = clip.sourceHash + " \(settings.video)"
        if let known = sources[key] { return known }
        let path = FilePath(clip.source)
        let file = try? FileFingerprint(of: path)
        guard let file, file.headAndTailSHA256 == clip.sourceHash else {
            throw EightCutError(
                .inputMissing,
                "cannot cut again",
                on: clip.source,
                because: file == nil
                    ? "its video \(quoted(clip.source)) is gone, or cannot be read"
                    : "another video has the name of its video now, \(quoted(clip.source))",
                remedy: ClipRemedy.source(clip)
            )
        }
        let media = try await VideoProbe.source(of: path, settings.video)
        let source = (media: media, index: FrameIndex(media))
        sources[key] = source
        return source
    }

    private func encoder(_ settings: CutSettings) async throws -> VideoEncoder {
        if let encoder = encoders[settings.encoder] { return encoder }
        let encoder = try await EncoderTrial(settings).choose().encoder
        encoders[settings.encoder] = encoder
        return encoder
    }
}

extension FrameGeometry {
    /// How a clip of the library was cropped and scaled; nil where its settings do not give the
    /// size that it has.
    ///
    /// - Parameters:
    ///   - clip: the clip.
    ///   - settings: those that it was cut with.
    ///   - media: its video.
    init?(of clip: LibraryClip, _ settings: CutSettings, _ media: MediaSource) {
        guard let geometry = try? FrameGeometry(media, settings),
            geometry.size == FrameSize(width: clip.width, height: clip.height),
            geometry.path.map({ $0.count == clip.frameCount }) ?? true
        else { return nil }
        self = geometry
    }
}

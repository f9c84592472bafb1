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

    /// What it will have.
    package var facts: ClipFacts {
        ClipFacts(
            frameCount: plan.frameCount,
            frameRate: plan.frameRate,
            width: plan.size.width,
            height: plan.size.height,
            audio: plan.audio.map {
                ClipFacts.Audio(sampleRate: $0.sampleRate, sampleCount: $0.sampleCount)
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

/// Plans clips that are cut again; clips of one source share what is read of it.
actor ClipCutter {
    private let profile: DatasetProfile
    private var sources: [String: (media: MediaSource, index: FrameIndex)] = [:]
    private var encoders: [CutSettings.Encoder: VideoEncoder] = [:]

    init(_ profile: DatasetProfile) {
        self.profile = profile
    }

    /// The cut of a clip for the profile, from the same first frame on.
    ///
    /// - Throws: `EightCutError` when the source is gone, ends too early, or cannot be read.
    func plan(_ selected: SelectedClip) async throws -> ClipCut {
        let clip = selected.clip
        var settings = selected.settings
        settings.apply(profile)
        settings.form = .video
        settings.allowsShort = false
        // Only MP4 files are read under the names that consumers look for.
        settings.audio = .aac
        let source = try await source(clip, settings)
        let plan = try await CutPlanner(source.media, settings, source.index)
            .plan(.time(nanoseconds: clip.start))
        return ClipCut(plan: plan, encoder: try await encoder(settings))
    }

    private func source(
        _ clip: LibraryClip,
        _ settings: CutSettings
    ) async throws -> (media: MediaSource, index: FrameIndex) {
        let key = clip.sourceHash + " \(settings.video)"
        if let known = sources[key] { return known }
        let path = FilePath(clip.source)
        let file = try FileFingerprint(of: path)
        guard file.headAndTailSHA256 == clip.sourceHash else {
            throw EightCutError(
                .inputMissing,
                "cannot cut again",
                on: clip.source,
                because: "another video has its source's name now"
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

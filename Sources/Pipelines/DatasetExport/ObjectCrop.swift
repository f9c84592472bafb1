import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import Media
import SystemPackage

/// `8cut export --crop object`: a clip shows the object of masks that the library has of another
/// clip, which was cut from the same place of the same video.
package struct ObjectCrop: Sendable {
    private let crop: DatasetCrop
    private let library: Library?

    /// - Parameters:
    ///   - crop: how much around the object is shown.
    ///   - library: nil where there is none yet.
    package init(_ crop: DatasetCrop, library: Library?) {
        self.crop = crop
        self.library = library
    }

    /// The settings of a clip that shows the object.
    ///
    /// - Parameter request: the clip, without the crop.
    /// - Returns: its settings, with the part of the video that is shown.
    /// - Throws: `EightCutError` when the video cannot be read, or the library has no masks that
    ///   fit; `CancellationError`.
    package func settings(of request: ExportRequest) async throws -> CutSettings {
        var settings = request.settings
        (settings.crop, settings.part, settings.path, settings.size) = (nil, nil, nil, nil)
        let media = try await VideoProbe.source(of: request.input, settings.video)
        let index = FrameIndex(media)
        let plan = try await CutPlanner(media, settings, index).plan(request.start)
        let (selected, masks) = try await masks(for: plan, request)
        guard let facts = selected.facts,
            let geometry = FrameGeometry(of: selected.clip, selected.settings, media)
        else {
            throw error(request, "how clip \(selected.clip.id) was cropped is not known", nil)
        }
        let known = try await CutPlanner(media, settings, index)
            .plan(request.start, reading: facts.duration)
        let (frames, held) = ClipPlacement.frames(of: known, in: facts)
        guard held <= ClipRule.heldMasks else {
            throw error(
                request,
                "the masks of clip \(selected.clip.id) end \(held) frames before the clip",
                "Export a clip that is as long without a crop, make its masks, and run the same "
                    + "command again."
            )
        }
        let edges = try zip(frames, masks.boxes(of: frames)).map { frame, box in
            box.map(geometry.on(frame: frame).edges)
        }
        guard edges.contains(where: { $0 != nil }) else {
            throw error(
                request,
                "the masks of clip \(selected.clip.id) show no object",
                MaskFinder.remedy(selected.clip, masks.method)
            )
        }
        let track = ObjectTrack(
            edges: edges,
            frameRate: plan.frameRate,
            bounds: FramePart(width: media.video.width, height: media.video.height, x: 0, y: 0)
        )
        let least = Double(DatasetCrop.leastSide)
        var size = ObjectTrack.Size(margin: crop.margin, least: (least, least))
        size.shape = settings.bucket.map { $0.shape.value / media.pixelAspect.value }
        if settings.bucket == nil, settings.shortSide == nil {
            size.multiple = settings.sideMultiple
        }
        if crop.follows {
            let (part, path) = track.following(size)
            (settings.part, settings.path) = (part, path)
        } else {
            settings.part = track.box(size)
        }
        return settings
    }

    /// The clip of the same start whose masks were made last, and those masks.
    private func masks(
        for plan: CutPlan,
        _ request: ExportRequest
    ) async throws -> (SelectedClip, ClipMasks) {
        let file = try FileFingerprint(of: request.input)
        let clips = try await library?.clips(of: file)
            .filter { abs($0.start - plan.start) < 1000 }
        guard let library, let clips, !clips.isEmpty else {
            throw error(
                request,
                "the library has no clip that begins there, and so no masks of it",
                "Export it without a crop first, make its masks with 8cut masks sam --clip NUMBER, "
                    + "and run the same command again."
            )
        }
        let selection = ClipSelection(
            library: library,
            choice: MaskChoice(),
            wantsMasks: true,
            width: 1
        )
        let selected = try await selection.select(clips)
        let known = selected.compactMap { clip in
            if case .masks(let masks) = clip.masks { (clip, masks) } else { nil }
        }
        // The longest, and of those the last.
        if let best = known.max(by: { $0.0.clip.duration <= $1.0.clip.duration }) { return best }
        let last = selected[selected.count - 1]
        if case .unusable(let rejection) = last.masks {
            throw error(request, "clip \(last.clip.id): \(rejection.why)", rejection.remedy)
        }
        throw error(
            request,
            "clip \(last.clip.id) begins there, and has no masks",
            "Make them with 8cut masks sam --clip \(last.clip.id), and run the same command again."
        )
    }

    private func error(_ request: ExportRequest, _ why: String, _ remedy: String?) -> EightCutError
    {
        let origin = request.origin.map { " (\($0))" } ?? ""
        return EightCutError(
            .inputMissing,
            "cannot crop to the object",
            on: request.input.string,
            because: why + origin,
            remedy: remedy ?? "Choose another crop."
        )
    }
}

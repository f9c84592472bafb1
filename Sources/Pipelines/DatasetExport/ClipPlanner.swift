import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import MaskStore
import Media
import SystemPackage

/// What is made of a clip.
struct PlannedClip {
    /// How it is cut again; nil where it stays as it is.
    var cut: ClipCut?
    /// Its masks; nil where it has none.
    var masks: MaskFrames?
    /// The object alone, with its masks; nil where the consumer has no use for it.
    var detail: (cut: ClipCut, masks: MaskFrames)?
}

/// Decides whether a clip is cut again, and how its masks follow.
struct ClipPlanner {
    let request: DatasetRequest
    let cutter: ClipCutter
    /// Whether a clip without masks is rejected.
    let needsMasks: Bool

    private var profile: DatasetProfile { request.profile }

    /// - Parameters:
    ///   - selected: a clip that is there.
    ///   - clip: what it has.
    ///   - rejections: receives the reasons why the clip cannot be in the data set.
    /// - Returns: what is made of it, if there is no such reason.
    /// - Throws: `CancellationError`.
    func plan(
        _ selected: SelectedClip,
        _ clip: ClipFacts,
        _ rejections: inout [Rejection]
    ) async throws -> PlannedClip {
        var planned = PlannedClip()
        let masks = masks(of: selected, &rejections)
        var misfits = misfits(selected, clip, hasMasks: masks != nil)
        if misfits.isEmpty, let misfit = try await channels(of: selected) { misfits = [misfit] }
        if !misfits.isEmpty || request.crop != nil {
            guard let cut = try await cut(selected, clip, masks, misfits, &rejections) else {
                return planned
            }
            planned.cut = cut
        }
        guard let rule = profile.masks, !request.masks.isNone, let masks else { return planned }
        planned.masks = frames(masks, rule, selected, clip, planned.cut, &rejections)
        guard let detail = rule.detail, let frames = planned.masks else { return planned }
        let shown = try await self.detail(
            detail,
            of: frames,
            selected,
            clip,
            planned.cut,
            &rejections
        )
        if let shown, let placement = shown.placement {
            planned.detail = (shown, MaskFrames(masks, placement, shown.plan.frameRate, rule))
        }
        return planned
    }

    // MARK: - Masks

    /// The masks that are used.
    private func masks(of selected: SelectedClip, _ rejections: inout [Rejection]) -> ClipMasks? {
        guard request.wantsMasks else { return nil }
        switch selected.masks {
        case .masks(let masks): return masks
        case .unusable(let rejection): rejections.append(rejection)
        case .none where needsMasks:
            let method = request.masks.method
            let why = "it has no masks" + (method.map { " of the method \($0)" } ?? "")
            let remedy = MaskFinder.remedy(selected.clip, method)
            rejections.append(Rejection(.masks, why, remedy: remedy))
        case .none: break
        }
        return nil
    }

    /// The masks as they are written.
    private func frames(
        _ masks: ClipMasks,
        _ rule: MaskRule,
        _ selected: SelectedClip,
        _ clip: ClipFacts,
        _ cut: ClipCut?,
        _ rejections: inout [Rejection]
    ) -> MaskFrames? {
        let frames: MaskFrames
        if let cut {
            guard let placement = cut.placement else {
                rejections.append(Rejection(.masks, Self.unknownCrop))
                return nil
            }
            frames = MaskFrames(masks, placement, cut.plan.frameRate, rule)
        } else {
            frames = MaskFrames(masks, of: clip, rule)
        }
        let held = frames.placement.held
        guard held <= ClipRule.heldMasks else {
            rejections.append(
                Rejection(
                    .masks,
                    "\(held) frames of the clip that is needed come after its last mask, which can "
                        + "stand for \(ClipRule.heldMasks)",
                    remedy: remedy(selected.clip, masks)
                )
            )
            return nil
        }
        return frames
    }

    private static let unknownCrop =
        "it has to be cut again, and how it was cropped is not known: its masks cannot follow"

    /// How to make a longer clip, and its masks.
    private func remedy(_ clip: LibraryClip, _ masks: ClipMasks) -> String {
        let bucket = request.bucket.map { " --bucket \($0)" } ?? ""
        let profile = profile.clip == nil ? "" : " --profile \(profile.name)"
        return "Export it again with 8cut export --replace \(clip.id)\(profile)\(bucket), and make "
            + "its masks again with 8cut masks \(masks.method) --clip \(clip.id) --overwrite."
    }

    private static let noCrop =
        "Leave --crop out, or export a clip of the whole frame with 8cut export, and make its masks."

    // MARK: - Cuts

    /// Why the consumer does not take the clip as it is.
    private func misfits(
        _ selected: SelectedClip,
        _ clip: ClipFacts,
        hasMasks: Bool
    ) -> [Rejection] {
        var misfits = profile.clip?.rejections(of: clip) ?? []
        if let bucket = request.bucket {
            misfits += profile.clip?.rejections(of: clip, in: bucket) ?? []
        }
        if hasMasks, profile.masks?.frameCount != nil, let rate = profile.clip?.frameRate,
            clip.frameRate != rate
        {
            misfits.append(Rejection(.rate, "its masks are read at \(rate) fps"))
        }
        let ending = DatasetPlanner.ending(of: selected.clip)
        if ending.isEmpty {
            misfits.append(Rejection(.file, "it is a folder of images, not a video"))
        } else if profile.clip != nil, ending != ".mp4" {
            misfits.append(Rejection(.file, "the loader looks for an .mp4 file"))
        }
        return misfits
    }

    /// Why the loader has no memory for the clip's channels. The library does not know how many there
    /// are, but the source does, unless the clip's settings or its profile have seen to it.
    private func channels(of selected: SelectedClip) async throws -> Rejection? {
        let settings = selected.settings
        let cutFor = settings.profile.flatMap { DatasetProfile.named($0) }?.clip
        guard let rule = profile.clip, rule.mostChannels != nil, selected.clip.sampleCount != nil,
            cutFor?.mostChannels == nil, settings.channels == nil, settings.channel == nil
        else { return nil }
        return rule.rejection(ofChannels: try await cutter.channels(selected))
    }

    /// How the clip is cut again; nil where it cannot be.
    private func cut(
        _ selected: SelectedClip,
        _ clip: ClipFacts,
        _ masks: ClipMasks?,
        _ misfits: [Rejection],
        _ rejections: inout [Rejection]
    ) async throws -> ClipCut? {
        do {
            var aim = CutAim(bucket: request.bucket)
            var cut = try await cutter.plan(selected, clip, aim)
            if let crop = request.crop, let masks {
                guard let placement = cut.placement,
                    let geometry = try await cutter.geometry(selected)
                else {
                    rejections.append(Rejection(.masks, Self.unknownCrop))
                    return nil
                }
                guard geometry.path == nil else {
                    rejections.append(
                        Rejection(.masks, "it follows an object already", remedy: Self.noCrop)
                    )
                    return nil
                }
                guard let box = try box(masks, placement, selected, &rejections) else { return nil }
                if crop.follows {
                    let track = ObjectTrack(
                        edges: try masks.boxes(of: placement.frames)
                            .map { $0.map(geometry.edges) },
                        frameRate: cut.plan.frameRate,
                        bounds: geometry.shown
                    )
                    aim.follow(track, crop, geometry, cut.plan)
                } else {
                    let multiple = request.bucket == nil ? cut.plan.settings.sideMultiple : 2
                    let part = crop.part(around: box, in: clip, multiple: multiple)
                    aim.part = geometry.part(of: part)
                    aim.size = FrameSize(width: part.width, height: part.height)
                }
                cut = try await cutter.plan(selected, clip, aim)
            }
            var rest = profile.clip?.rejections(of: cut.facts) ?? []
            if let bucket = request.bucket {
                rest += profile.clip?.rejections(of: cut.facts, in: bucket) ?? []
            }
            rejections += rest
            return rest.isEmpty ? cut : nil
        } catch let error as EightCutError {
            let why = "it cannot be cut again: \(error.why)"
            let remedy = error.remedy ?? ClipRemedy.source(selected.clip)
            rejections += misfits.map { Rejection($0.rule, $0.why, remedy: remedy) }
            rejections.append(Rejection(.source, why, remedy: remedy))
            return nil
        }
    }

    /// The box around the object on all frames that are written.
    private func box(
        _ masks: ClipMasks,
        _ placement: ClipPlacement,
        _ selected: SelectedClip,
        _ rejections: inout [Rejection]
    ) throws -> FramePart? {
        if let box = try masks.box(of: placement.frames) { return box }
        rejections.append(Self.noObject(selected, masks))
        return nil
    }

    private static func noObject(_ selected: SelectedClip, _ masks: ClipMasks) -> Rejection {
        Rejection(
            .masks,
            "its masks show no object",
            remedy: MaskFinder.remedy(selected.clip, masks.method)
        )
    }

    /// The cut of the object alone.
    private func detail(
        _ detail: MaskRule.Detail,
        of frames: MaskFrames,
        _ selected: SelectedClip,
        _ clip: ClipFacts,
        _ cut: ClipCut?,
        _ rejections: inout [Rejection]
    ) async throws -> ClipCut? {
        do {
            let boxes = try frames.masks.boxes(of: frames.placement.frames)
            guard boxes.contains(where: { $0 != nil }) else {
                rejections.append(Self.noObject(selected, frames.masks))
                return nil
            }
            let known = try await cutter.geometry(selected)
            guard let geometry = cut?.plan.geometry ?? known else {
                rejections.append(Rejection(.masks, Self.unknownCrop))
                return nil
            }
            let side = FrameSize(width: detail.side, height: detail.side)
            let part = geometry.part(of: detail.part(around: boxes, in: frames.placement))
            var aim = CutAim(part: part, size: side, hasAudio: false)
            aim.path = cut?.plan.settings.path?.beginning(atColumn: part.x, row: part.y)
            return try await cutter.plan(selected, clip, aim)
        } catch let error as EightCutError {
            let why = "the object cannot be cut out of its source: \(error.why)"
            rejections.append(Rejection(.source, why, remedy: error.remedy))
            return nil
        }
    }
}

extension MaskRule.Detail {
    /// The part of all frames that is shown: what SAGANet's training/extract_focal_prompt.py,
    /// `run_focal_crop`, takes, where a frame without the object has no say.
    ///
    /// - Parameters:
    ///   - boxes: the object on each frame in pixels of the clip, nil where it is not seen.
    ///   - placement: where the pixels of the frames are in the clip.
    /// - Returns: a part in pixels of the frames, the same on all.
    fileprivate func part(around boxes: [FramePart?], in placement: ClipPlacement) -> FramePart {
        var (columns, rows): ([Range<Int>], [Range<Int>]) = ([], [])
        for (frame, box) in boxes.enumerated() {
            guard let box else { continue }
            let places = placement.pixels(at: frame)
            columns += stretched(box.x..<box.x + box.width, places.columns)
            rows += stretched(box.y..<box.y + box.height, places.rows)
        }
        let across = span(columns, of: placement.width)
        let down = span(rows, of: placement.height)
        return FramePart(
            width: across.count,
            height: down.count,
            x: across.lowerBound,
            y: down.lowerBound
        )
    }

    /// What a frame shows of a box, once it is stretched to `side`; nothing where it does not.
    private func stretched(_ box: Range<Int>, _ places: [Int]) -> [Range<Int>] {
        guard let first = places.firstIndex(where: box.contains),
            let last = places.lastIndex(where: box.contains)
        else { return [] }
        let all = places.count
        return [first * side / all..<((last + 1) * side + all - 1) / all]
    }

    /// On the stretched frame, every box gets the length of the longest one, `leastSide` at least,
    /// from its own start on, and is moved back into the frame: the span has them all.
    private func span(_ spans: [Range<Int>], of all: Int) -> Range<Int> {
        let length = max(leastSide, spans.map(\.count).max() ?? side)
        let starts = spans.map { min($0.lowerBound, side - length) }
        let (start, end) = (starts.min() ?? 0, (starts.max() ?? 0) + length)
        return start * all / side..<(end * all + side - 1) / side
    }
}

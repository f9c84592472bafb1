import ClipLibrary
import DatasetProfiles
import Diagnostics
import Progress
import SystemPackage

/// Decides for every clip whether the consumer would load it, and which files are made for it.
/// Nothing is written, and nothing decoded but audio that has to be loud enough.
struct DatasetPlanner: Sendable {
    let request: DatasetRequest
    let width: Int
    let reporter: any ProgressReporter

    private var profile: DatasetProfile { request.profile }

    /// - Parameter clips: the selection, by their numbers.
    /// - Returns: a row for each clip, and the tables of those that are accepted.
    /// - Throws: `CancellationError`.
    func plan(_ clips: [SelectedClip]) async throws -> DatasetPlan {
        let splits = request.split?.splits(of: clips.map(\.clip)) ?? [:]
        let clipPlanner = ClipPlanner(
            request: request,
            cutter: ClipCutter(profile),
            needsMasks: needsMasks(clips)
        )
        let taken = Self.firstOfStems(clips)
        let drafts = try await inParallel(Array(clips.enumerated()), width: width) { place, clip in
            let stem = ExactText(Self.stem(of: clip.clip))
            let first = taken[stem].flatMap { $0 == place ? nil : clips[$0].clip }
            let split = splits[clip.clip.sourceHash]
            let outcome = try await outcome(of: clip, after: first, split, clipPlanner)
            return PlannedRow(clip: clip.clip, outcome: outcome)
        }
        let loudness = ClipLoudness(request, width: width, reporter: reporter)
        let rows = checkColumns(try await loudness.check(drafts)).map(advised)
        let accepted = rows.compactMap(\.row)
        let summary = DatasetSummary(rows, splits: request.split?.splits ?? [])
        return DatasetPlan(
            request: request,
            rows: rows,
            units: PlannedUnit.units(of: rows, profile.layout),
            tables: accepted.isEmpty
                ? []
                : profile.layout.tables(accepted).map { PlannedFile($0.path, .text($0.text)) }
                    + CocoTable.tables(of: rows, profile),
            warnings: profile.layout.warnings(accepted) + Self.warnings(summary) + turned(rows),
            summary: summary
        )
    }

    /// Rejects clips whose names or labels are nothing but numbers, in a table of nothing else.
    private func checkColumns(_ rows: [PlannedRow]) -> [PlannedRow] {
        var rows = rows
        let accepted = rows.indices.filter { rows[$0].row != nil }
        let tables = Dictionary(grouping: accepted) { place in
            profile.layout.hasOneTable ? nil : rows[place].row?.split
        }
        for places in tables.values {
            let cells = places.compactMap { rows[$0].row }
            let objections = ColumnObjections(profile.table, cells.map { ($0.stem, $0.label) })
            for (place, row) in zip(places, cells) {
                let rejections = objections.rejections(row.stem, row.label)
                if !rejections.isEmpty { rows[place].outcome = .rejected(rejections) }
            }
        }
        return rows
    }

    /// The row, with what can be done about its rejections.
    private func advised(_ planned: PlannedRow) -> PlannedRow {
        guard !planned.rejections.isEmpty else { return planned }
        var planned = planned
        let remedy = ClipRemedy(clip: planned.clip, profile: profile)
        planned.outcome = .rejected(remedy.advised(planned.rejections))
        return planned
    }

    /// Whether a clip without masks is rejected.
    private func needsMasks(_ clips: [SelectedClip]) -> Bool {
        if request.crop != nil || request.masks.isChosen { return true }
        switch profile.masks?.need ?? .optional {
        case .optional: return false
        case .required: return true
        case .uniform:
            return clips.contains { clip in
                if case .masks = clip.masks { true } else { false }
            }
        }
    }

    /// A warning about clips that are cropped to a bucket of another orientation.
    private func turned(_ rows: [PlannedRow]) -> [String] {
        guard let bucket = request.bucket, request.crop == nil, bucket.width != bucket.height else {
            return []
        }
        let turned = rows.filter { planned in
            let clip = planned.clip
            return planned.row != nil && clip.width != clip.height
                && (clip.width > clip.height) != (bucket.width > bucket.height)
        }
        guard !turned.isEmpty else { return [] }
        let numbers = turned.prefix(10).map { "\($0.clip.id)" }.joined(separator: ", ")
        let more = turned.count > 10 ? " and \(turned.count - 10) more" : ""
        return [
            "most of the frame is cropped away where clips have another orientation than the bucket "
                + "\(bucket): \(numbers)\(more)."
        ]
    }

    /// The place of the first clip of each name.
    private static func firstOfStems(_ clips: [SelectedClip]) -> [ExactText: Int] {
        clips.enumerated().reduce(into: [:]) { places, clip in
            let stem = ExactText(stem(of: clip.element.clip))
            places[stem] = places[stem] ?? clip.offset
        }
    }

    private static func stem(of clip: LibraryClip) -> String {
        ClipName.stem(of: FilePath(clip.path).lastComponent?.string ?? "")
    }

    private static func warnings(_ summary: DatasetSummary) -> [String] {
        summary.clipsBySplit.filter { $0.value == 0 }.keys.sorted().map {
            "the split \($0) has no clips: no source falls into it."
        }
    }

    // MARK: - One clip

    private func outcome(
        of selected: SelectedClip,
        after first: LibraryClip?,
        _ split: DatasetSplit?,
        _ planner: ClipPlanner
    ) async throws -> PlannedRow.Outcome {
        let clip = selected.clip
        var rejections = Self.rejections(of: selected, after: first)
        rejections += textRejections(clip)
        guard selected.state == .same, let facts = selected.facts else {
            return .rejected(rejections)
        }
        let planned = try await planner.plan(selected, facts, &rejections)
        guard rejections.isEmpty else { return .rejected(rejections) }
        let row = DatasetRow(
            stem: Self.stem(of: clip),
            ending: planned.cut?.ending ?? Self.ending(of: clip),
            label: clip.label ?? "",
            category: clip.category ?? "",
            split: split,
            source: clip.source,
            start: Double(planned.cut?.plan.start ?? clip.start) / 1e9,
            duration: planned.cut?.plan.duration ?? facts.duration,
            maskMethod: planned.masks?.masks.method,
            folder: request.folder.string
        )
        return .accepted(row, files: files(of: row, clip, planned, facts))
    }

    private func files(
        of row: DatasetRow,
        _ clip: LibraryClip,
        _ planned: PlannedClip,
        _ facts: ClipFacts
    ) -> [PlannedFile] {
        let layout = profile.layout
        var files: [PlannedFile] = []
        if let cut = planned.cut {
            files.append(PlannedFile(layout.clip(row), .cut(cut), of: clip.sourceHash))
        } else {
            let step = DatasetStep.link(FilePath(clip.path))
            files.append(PlannedFile(layout.clip(row), step, of: clip.hash ?? ""))
        }
        let (video, shown) = (files[0].digest, planned.cut?.facts ?? facts)
        if let rule = profile.images {
            let images = ClipImages(row, shown, layout, rule)
            files.append(PlannedFile(layout.images(row), .images(images), of: video))
        }
        if let rule = profile.audio {
            let audio = ClipAudio(clip: layout.clip(row), rule: rule)
            files.append(PlannedFile(layout.audio(row), .audio(audio), of: video))
        }
        if let frames = planned.masks, let rule = profile.masks {
            let step: DatasetStep =
                switch rule.form {
                case .images: .maskImages(frames)
                case .video: .maskVideo(frames)
                case .still: .stillMask(frames)
                case .sampled: sampled(frames, row, shown)
                case .runs: .cocoMasks(CocoMasks(frames, rule))
                }
            files.append(PlannedFile(layout.masks(row), step, of: frames.masks.digest))
        }
        if let (cut, frames) = planned.detail {
            files.append(PlannedFile(layout.detail(row), .cut(cut), of: clip.sourceHash))
            let masks = DatasetStep.maskVideo(frames)
            files.append(PlannedFile(layout.maskDetail(row), masks, of: frames.masks.digest))
        }
        return files + layout.notes(row).map { PlannedFile($0.path, .text($0.text)) }
    }

    /// The masks of the frames that are read as images.
    private func sampled(
        _ frames: MaskFrames,
        _ row: DatasetRow,
        _ clip: ClipFacts
    ) -> DatasetStep {
        guard let rule = profile.images, let masks = profile.masks else {
            return .maskImages(frames)
        }
        let placement = frames.placement.sampled(rule.frames(of: clip), side: rule.side)
        let some = MaskFrames(frames.masks, placement, frames.frameRate, masks)
        return .sampledMasks(some, rule, stem: row.stem)
    }

    /// What is wrong with a clip for every consumer.
    private static func rejections(
        of selected: SelectedClip,
        after first: LibraryClip?
    ) -> [Rejection] {
        var rejections: [Rejection] = []
        switch selected.state {
        case .same: break
        case .missing:
            rejections.append(Rejection(.file, "its file is gone"))
        case .changed:
            rejections.append(
                Rejection(
                    .file,
                    "its file has changed since it was exported",
                    remedy: "8cut library check --fix accepts it as it is now."
                )
            )
        }
        if let first {
            rejections.append(
                Rejection(
                    .name,
                    "clip \(first.id), \(quoted(first.path)), has the same name",
                    remedy: "Write a data set for each folder, with --folder."
                )
            )
        }
        if selected.facts == nil {
            rejections.append(Rejection(.rate, "the library does not know its frame rate"))
        }
        return rejections
    }

    /// What the consumer's tables would make of the clip's name and label.
    private func textRejections(_ clip: LibraryClip) -> [Rejection] {
        var rejections: [Rejection] = []
        let (stem, label) = (Self.stem(of: clip), clip.label ?? "")
        if let objection = profile.table.objection(to: stem) {
            rejections.append(
                Rejection(.name, "the name \(quoted(stem)) cannot be in a table: \(objection)")
            )
        }
        if let objection = profile.table.objection(to: label) {
            let why =
                label.isEmpty
                ? "it has no label, and an empty cell is a missing value"
                : "the label \(quoted(label)) cannot be in a table: \(objection)"
            rejections.append(Rejection(.label, why))
        }
        return rejections + profile.layout.objections(toName: stem, label)
    }

    /// The ending of a clip's file; empty for a folder of images.
    static func ending(of clip: LibraryClip) -> String {
        let name = FilePath(clip.path).lastComponent?.string ?? ""
        return ClipName.videoEndings.first { name.hasSuffix(exactly: $0) } ?? ""
    }
}

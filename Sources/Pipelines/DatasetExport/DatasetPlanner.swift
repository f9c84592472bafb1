import ClipLibrary
import DatasetProfiles
import Diagnostics
import SystemPackage

/// Decides for every clip whether the consumer would load it, and which files are made for it.
/// Nothing is written, and no file is decoded.
struct DatasetPlanner: Sendable {
    let request: DatasetRequest
    let width: Int

    private var profile: DatasetProfile { request.profile }

    /// - Parameter clips: the selection, by their numbers.
    /// - Returns: a row for each clip, and the tables of those that are accepted.
    /// - Throws: `CancellationError`.
    func plan(_ clips: [SelectedClip]) async throws -> DatasetPlan {
        let splits = request.split?.splits(of: clips.map(\.clip)) ?? [:]
        let cutter = ClipCutter(profile)
        let taken = Self.firstOfStems(clips)
        let rows = try await inParallel(Array(clips.enumerated()), width: width) { place, clip in
            let stem = ExactText(Self.stem(of: clip.clip))
            let first = taken[stem].flatMap { $0 == place ? nil : clips[$0].clip }
            let split = splits[clip.clip.sourceHash]
            let outcome = try await outcome(of: clip, after: first, split, cutter)
            return PlannedRow(clip: clip.clip, outcome: outcome)
        }
        let accepted = rows.compactMap(\.row)
        let summary = DatasetSummary(rows, splits: request.split?.splits ?? [])
        return DatasetPlan(
            request: request,
            rows: rows,
            tables: accepted.isEmpty
                ? [] : profile.layout.tables(accepted).map { PlannedFile($0.path, .text($0.text)) },
            warnings: profile.layout.warnings(accepted) + Self.warnings(summary),
            summary: summary
        )
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
        _ cutter: ClipCutter
    ) async throws -> PlannedRow.Outcome {
        let clip = selected.clip
        var rejections = Self.rejections(of: selected, after: first)
        rejections += textRejections(clip)
        guard selected.state == .same, let facts = selected.facts else {
            return .rejected(rejections)
        }
        let masks = masks(of: selected, &rejections)
        let cut = try await cut(selected, facts, cutter, &rejections)
        if cut != nil, masks != nil {
            rejections.append(
                Rejection(.masks, "it has to be cut again, and its masks fit the clip as it is")
            )
        }
        guard rejections.isEmpty else { return .rejected(rejections) }
        let row = DatasetRow(
            stem: Self.stem(of: clip),
            ending: cut?.ending ?? Self.ending(of: clip),
            label: clip.label ?? "",
            category: clip.category ?? "",
            split: split,
            source: clip.source,
            start: Double(cut?.plan.start ?? clip.start) / 1e9,
            duration: cut?.plan.duration ?? facts.duration,
            maskMethod: masks?.method,
            folder: request.folder.string
        )
        return .accepted(row, files: files(of: row, clip, facts, cut, masks))
    }

    private func files(
        of row: DatasetRow,
        _ clip: LibraryClip,
        _ facts: ClipFacts,
        _ cut: ClipCut?,
        _ masks: ClipMasks?
    ) -> [PlannedFile] {
        let layout = profile.layout
        var files: [PlannedFile] = []
        if let cut {
            files.append(PlannedFile(layout.clip(row), .cut(cut), of: clip.sourceHash))
        } else {
            let step = DatasetStep.link(FilePath(clip.path))
            files.append(PlannedFile(layout.clip(row), step, of: clip.hash ?? ""))
        }
        if let masks, let rule = profile.masks {
            let frames = MaskFrames(masks, of: facts, rule)
            let step: DatasetStep =
                switch rule.form {
                case .images: .maskImages(frames)
                case .video: .maskVideo(frames)
                case .still: .stillMask(frames)
                }
            files.append(PlannedFile(layout.masks(row), step, of: masks.digest))
        }
        return files + layout.notes(row).map { PlannedFile($0.path, .text($0.text)) }
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
            rejections.append(
                Rejection(
                    .file,
                    "its file is gone",
                    remedy: "8cut library check --fix --search FOLDER finds files that were moved."
                )
            )
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
        if let objection = profile.table.objection(toName: stem) {
            rejections.append(
                Rejection(.name, "the name \(quoted(stem)) cannot be in a table: \(objection)")
            )
        }
        if let objection = profile.table.objection(to: label) {
            let why =
                label.isEmpty
                ? "it has no label, and an empty cell is a missing value"
                : "the label \(quoted(label)) cannot be in a table: \(objection)"
            rejections.append(
                Rejection(.label, why, remedy: "8cut library relabel \(clip.id) --label TEXT")
            )
        }
        return rejections + profile.layout.objections(toName: stem, label)
    }

    /// The masks that go into the data set.
    private func masks(
        of selected: SelectedClip,
        _ rejections: inout [Rejection]
    ) -> ClipMasks? {
        guard let rule = profile.masks else { return nil }
        switch selected.masks {
        case .masks(let masks): return masks
        case .unusable(let rejection): rejections.append(rejection)
        case .none where rule.isRequired || request.masks != MaskChoice():
            let method = request.masks.method
            let why = "it has no masks" + (method.map { " of the method \($0)" } ?? "")
            let remedy = MaskFinder.remedy(selected.clip, method)
            rejections.append(Rejection(.masks, why, remedy: remedy))
        case .none: break
        }
        return nil
    }

    /// How the clip is cut again, where the consumer does not take it as it is; nil where it does.
    private func cut(
        _ selected: SelectedClip,
        _ facts: ClipFacts,
        _ cutter: ClipCutter,
        _ rejections: inout [Rejection]
    ) async throws -> ClipCut? {
        var misfits = profile.clip?.rejections(of: facts) ?? []
        if Self.ending(of: selected.clip).isEmpty {
            misfits.append(Rejection(.file, "it is a folder of images, not a video"))
        } else if profile.clip != nil, Self.ending(of: selected.clip) != ".mp4" {
            misfits.append(Rejection(.file, "the loader looks for an .mp4 file"))
        }
        guard !misfits.isEmpty else { return nil }
        do {
            let cut = try await cutter.plan(selected)
            let rest = profile.clip?.rejections(of: cut.facts) ?? []
            rejections += rest
            return rest.isEmpty ? cut : nil
        } catch let error as EightCutError {
            let why = "it cannot be cut again: \(error.why)"
            rejections += misfits.map { Rejection($0.rule, $0.why) }
            rejections.append(Rejection(.source, why, remedy: error.remedy))
            return nil
        }
    }

    private static func ending(of clip: LibraryClip) -> String {
        let name = FilePath(clip.path).lastComponent?.string ?? ""
        return ClipName.videoEndings.first { name.hasSuffix(exactly: $0) } ?? ""
    }
}

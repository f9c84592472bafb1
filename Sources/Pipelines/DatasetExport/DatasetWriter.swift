import DatasetProfiles
import Diagnostics
import Files
import Progress
import SystemPackage

/// Makes the files of a plan in the staging folder, as many clips at a time as there are cores, and
/// gives the data set its place when all are there.
struct DatasetWriter: Sendable {
    let plan: DatasetPlan
    let width: Int
    let reporter: any ProgressReporter

    /// - Returns: how many files were made; 0 where the data set was as it should be.
    /// - Throws: `EightCutError`, `CancellationError` or `OutputClosed`. What is finished stays for
    ///   the next run.
    func write() async throws -> Int {
        let staging = try DatasetStaging(for: plan.request.folder)
        if let old = staging.old, try isCurrent(old.folder, old.record) {
            try staging.discard()
            return 0
        }
        let journal = try DatasetJournal(in: staging.folder)
        let finished = Set(
            plan.files.filter { journal.finished[$0.path] == $0.digest }.map(\.path)
        )
        try staging.tidy(keeping: finished)
        let made = try await make(in: staging, journal, finished)
        let files = try plan.files.reduce(into: [String: ExportRecord.File]()) { files, file in
            guard let size = try DatasetPlace(file.path).size(in: staging.folder) else {
                throw fileError("cannot find", FilePath(file.path), .noSuchFileOrDirectory)
            }
            files[file.path] = ExportRecord.File(digest: file.digest, size: size)
        }
        try ExportRecord(plan, files: files).write(to: staging.folder)
        try Task.checkCancellation()
        try journal.remove()
        try staging.publish()
        return made
    }

    /// Whether a data set has just the files of the plan.
    private func isCurrent(_ folder: OpenFolder, _ record: ExportRecord) throws -> Bool {
        guard record.profile == plan.request.profile.name, record.summary == plan.summary,
            record.files.count == plan.files.count
        else { return false }
        return try plan.files.allSatisfy { try Self.isCurrent($0, folder, record) }
    }

    private static func isCurrent(
        _ file: PlannedFile,
        _ folder: OpenFolder,
        _ record: ExportRecord
    ) throws -> Bool {
        guard let known = record.files[file.path], known.digest == file.digest else { return false }
        return try DatasetPlace(file.path).size(in: folder) == known.size
    }

    private func make(
        in staging: DatasetStaging,
        _ journal: DatasetJournal,
        _ finished: Set<String>
    ) async throws -> Int {
        let (root, old) = (staging.folder, staging.old)
        let progress = RowProgress(
            total: plan.accepted.count,
            doneAtStart: plan.units.filter { $0.files.allSatisfy { finished.contains($0.path) } }
                .reduce(0) { $0 + $1.clipCount },
            reporter: reporter
        )
        let counts = try await inParallel(plan.units, width: width) { unit in
            var made: [PlannedFile] = []
            for file in unit.files where !finished.contains(file.path) {
                if let old, try Self.isCurrent(file, old.folder, old.record),
                    try DatasetPlace(file.path).add(from: old.folder, to: root)
                {
                    continue
                }
                try await make(file, in: root)
                made.append(file)
            }
            try journal.record(unit.files.filter { !finished.contains($0.path) })
            try progress.report(unit.clipCount)
            return made.count
        }
        for table in plan.tables { try await make(table, in: root) }
        return counts.reduce(plan.tables.count, +)
    }

    /// Carries out one step.
    private func make(_ file: PlannedFile, in root: OpenFolder) async throws {
        let place = try DatasetPlace(file.path)
        let folder = try place.createFolder(in: root)
        let (name, copies) = (place.name, plan.request.copies)
        switch file.step {
        case .link(let clip): try folder.add(clip, as: name, copies: copies)
        case .cut(let cut): try await cut.write(as: name, in: folder)
        case .maskImages(let masks):
            try await masks.writeImages(as: name, in: folder, copies: copies)
        case .maskVideo(let masks): try await masks.writeVideo(as: name, in: folder)
        case .stillMask(let masks): try masks.writeStill(as: name, in: folder)
        case .sampledMasks(let masks, let rule, let stem):
            try masks.writeSampled(as: name, in: folder, rule, stem)
        case .cocoMasks(let masks): try masks.write(as: name, in: folder)
        case .coco(let table): try table.write(as: name, in: folder, of: root)
        case .images(let images): try await images.write(as: name, in: folder, of: root)
        case .audio(let audio): try await audio.write(as: name, in: folder, of: root)
        case .text(let text): try folder.write(text, to: name)
        case .shard(let parts): try await makeShard(of: parts, as: name, in: folder)
        }
    }

    private func makeShard(
        of parts: [PlannedFile],
        as name: FilePath.Component,
        in folder: OpenFolder
    ) async throws {
        // Hidden from what reads the folder, and deleted with what an interrupted run has left.
        guard let hidden = FilePath.Component(".parts-" + name.string) else { return }
        try folder.removeTree(hidden)
        let place = try folder.createFolder(hidden)
        for part in parts { try await make(part, in: place) }
        let archive = try folder.newFile(for: name)
        try await Shard.pack(parts.map(\.path), in: place, to: archive)
        try archive.publish(replaces: true)
        try folder.removeTree(hidden)
    }
}

import ArgumentParser
import ClipFinding
import Diagnostics
import Files
import Media
import Progress
import SystemPackage
import VideoScanning

/// How many true changes of shots are found in videos: `8cut verify --shots`.
struct ShotVerification {
    /// A video, or a folder of videos.
    let videos: FilePath
    /// A file of true shots, or a folder of such files, each with the name of its video.
    let truth: FilePath
    let shotModel: ShotModelOptions
    let log: Log

    /// The lines of the table, and the sum of all.
    ///
    /// - Parameter reporter: receives progress.
    /// - Returns: both.
    /// - Throws: `EightCutError` when there is no video with true shots, or one cannot be read.
    func run(_ reporter: any ProgressReporter) async throws -> (lines: [String], summary: String) {
        let truth = try known()
        let found = try paths(videos).compactMap { path in
            path.stem.flatMap { truth[$0] }.map { (path, $0) }
        }
        guard !found.isEmpty else {
            throw EightCutError(
                .inputMissing,
                "cannot compare shots of",
                on: videos.string,
                because:
                    "no video there has the name of true shots in \(quoted(self.truth.string))",
                remedy: "Name each text as its video, or give the JSON of ClipShots."
            )
        }
        var rows = [["video", "changes", "found", "wrong", "precision", "recall", "F1"]]
        var total = ShotTruth.Score()
        for (path, changes) in found {
            var video = try await VideoScan(of: path, reporter: reporter).run()
            let shots = try await shotModel.shots(of: &video, VideoOptions(), log, reporter)
            let score = ShotTruth.score(changes, ShotDocument(shots, of: video))
            rows.append(Self.row(path.lastComponent?.string ?? path.string, score))
            total += score
        }
        rows.append(Self.row("all", total))
        let lines = TextTable.lines(rows).split(exactly: "\n").map(String.init)
        return (lines, "\(found.count) videos, F1 \(Self.percent(total.f1))")
    }

    private func known() throws -> [String: [ShotTruth.Change]] {
        guard FileStatus(following: truth)?.kind == .folder else {
            return try ShotTruth.read(truth)
        }
        var all: [String: [ShotTruth.Change]] = [:]
        for name in try OpenFolder(truth).names() where ["txt", "json"].contains(name.extension) {
            all.merge(try ShotTruth.read(truth.appending(name))) { first, _ in first }
        }
        return all
    }

    private func paths(_ path: FilePath) throws -> [FilePath] {
        guard FileStatus(following: path)?.kind == .folder else { return [path] }
        return try OpenFolder(path).names().filter { name in
            VideoEnding.all.contains((name.extension ?? "").lowercased())
        }.map { path.appending($0) }
    }

    private static func row(_ name: String, _ score: ShotTruth.Score) -> [String] {
        [name, "\(score.changes)", "\(score.found)", "\(score.wrong)"]
            + [score.precision, score.recall, score.f1].map(percent)
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)" }
}

import DatasetProfiles
import Diagnostics
import Files
import Media
import SystemPackage

/// Reads a data set as its consumer does, whoever wrote it, and finds the rows that would be
/// rejected.
package struct DatasetCheck: Sendable {
    /// A row that was looked at.
    package struct Row: Sendable, Equatable {
        package let row: FoundRow
        package let rejections: [Rejection]
    }

    private let profile: DatasetProfile
    private let folder: FilePath
    private let width: Int

    /// - Parameters:
    ///   - profile: the consumer.
    ///   - folder: that of the data set.
    ///   - width: clips that are looked at at a time.
    package init(_ profile: DatasetProfile, _ folder: FilePath, width: Int) {
        self.profile = profile
        self.folder = folder
        self.width = width
    }

    /// - Returns: every row of the tables, in their order.
    /// - Throws: `EightCutError` when there is no such folder, or the consumer cannot read a table;
    ///   `CancellationError`.
    package func run() async throws -> [Row] {
        let dataset = try DatasetFolder(folder)
        let rows = try profile.layout.rows(in: dataset)
        var stems: Set<ExactText> = []
        let repeated = rows.map { !stems.insert(ExactText($0.clip)).inserted }
        return try await inParallel(Array(zip(rows, repeated)), width: width) { row, isRepeated in
            var rejections = textRejections(row)
            if isRepeated { rejections.append(Rejection(.name, "another row has the same clip")) }
            rejections += try await clipRejections(row, dataset)
            if let masks = row.masks, (try? Folder.kind(of: dataset.path(masks))) == .missing {
                rejections.append(Rejection(.masks, "there are no masks \(quoted(masks))"))
            }
            return Row(row: row, rejections: rejections)
        }
    }

    private func textRejections(_ row: FoundRow) -> [Rejection] {
        var rejections: [Rejection] = []
        if let objection = profile.table.objection(toName: row.stem) {
            rejections.append(Rejection(.name, "\(quoted(row.stem)): \(objection)"))
        }
        guard let label = row.label else {
            return rejections + [Rejection(.label, "it has no label")]
        }
        if let objection = profile.table.objection(to: label) {
            rejections.append(Rejection(.label, "\(quoted(label)): \(objection)"))
        }
        return rejections
    }

    private func clipRejections(
        _ row: FoundRow,
        _ dataset: DatasetFolder
    ) async throws -> [Rejection] {
        guard dataset.hasFile(row.clip) else {
            return [Rejection(.file, "there is no clip \(quoted(row.clip))")]
        }
        do {
            let facts = try await ClipProbe(dataset.path(row.clip)).facts()
            return profile.clip?.rejections(of: facts) ?? []
        } catch let error as EightCutError where error.code == .inputUnusable {
            return [Rejection(.file, error.why)]
        }
    }
}

/// Finds out what the streams of a clip have, by its packets and its decoded audio.
struct ClipProbe: Sendable {
    private let path: FilePath

    init(_ path: FilePath) {
        self.path = path
    }

    /// - Throws: `EightCutError` when it is no video; `CancellationError`.
    func facts() async throws -> ClipFacts {
        let source = try await VideoProbe.source(of: path)
        let day = 86_400_000_000
        let end = source.startTime.addingReportingOverflow(day).partialValue
        let times = try await FrameIndex(source).times(from: source.startTime, to: end, audio: nil)
        guard let rate = source.video.frameRate else {
            throw EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: path.string,
                because: "it has no frame rate"
            )
        }
        return ClipFacts(
            frameCount: times.timestamps.count,
            frameRate: rate,
            width: source.video.width,
            height: source.video.height,
            audio: try await audio(source)
        )
    }

    private func audio(_ source: MediaSource) async throws -> ClipFacts.Audio? {
        guard let stream = source.defaultAudioStream else { return nil }
        let graph =
            "[0:\(stream.index)]astats@audio=measure_perchannel=none:measure_overall="
            + "Number_of_samples[out]"
        let messages = try await FFmpegRun(
            arguments: FFmpegRun.commonArguments + source.inputArguments() + [
                "-filter_complex", graph, "-map", "[out]", "-f", "null", "-",
            ],
            input: path
        ).run(failureMessage: "cannot decode the audio")
        let count = messages.value("Number of samples", of: "audio").flatMap { Int($0) } ?? 0
        return ClipFacts.Audio(sampleRate: stream.sampleRate, sampleCount: count)
    }
}

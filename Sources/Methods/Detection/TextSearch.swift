import Detection
import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import OWLv2
import SystemPackage

/// What is looked for by texts, where, and what of it is meant.
package struct TextSearchSettings: Sendable, Equatable {
    /// At least one; their objects differ.
    package fileprivate(set) var texts: [SearchedText]
    package let templates: QueryTemplates
    package let frames: SearchedFrames
    /// The least score of what is found, 0…1.
    package let threshold: Double
    /// How many things each text means.
    package let count: ThingCount
    /// Whether the detector leaves out patches without anything of the frame.
    package let skipsPadding: Bool
    /// Numbers that other prompts give to objects.
    package let taken: Set<Int>

    package init(
        _ texts: [SearchedText],
        templates: QueryTemplates,
        frames: SearchedFrames,
        threshold: Double,
        count: ThingCount,
        skipsPadding: Bool = false,
        taken: Set<Int> = []
    ) {
        self.skipsPadding = skipsPadding
        self.texts = texts
        self.templates = templates
        self.frames = frames
        self.threshold = threshold
        self.count = count
        self.taken = taken
    }
}

/// Looks for things by their names on a few frames of a video, with OWLv2.
package struct TextSearch: Sendable {
    let settings: TextSearchSettings
    private let model: CheckpointModel
    private let models: LoadedModels
    private let onStart: @Sendable (_ frames: Int) -> Void
    private let onFrame: Observer

    /// Receives what was found on a frame, how many were looked at, and how many there are to look
    /// at.
    package typealias Observer =
        @Sendable (FrameFindings, _ done: Int, _ total: Int) throws -> Void

    /// Changes whenever the same settings find other things in the same video, other than by
    /// `LabelQueries.revision`.
    package static let revision = 1.0
    /// Candidates that are kept for each text and frame, at least.
    private static let leastKept = 10

    /// - Parameters:
    ///   - settings: what to look for.
    ///   - model: the detector's checkpoint.
    ///   - models: loads the detector.
    ///   - onFrame: receives each frame's findings.
    ///   - onStart: receives how many frames there are to look at, before the detector is loaded.
    /// - Throws: `EightCutError`: `usage` when a text is too long for the model, `inputMissing` or
    ///   `inputUnusable` when the checkpoint is no detector's. Only its vocabulary is read.
    package init(
        _ settings: TextSearchSettings,
        _ model: CheckpointModel,
        models: LoadedModels,
        onFrame: @escaping Observer = { _, _, _ in },
        onStart: @escaping @Sendable (_ frames: Int) -> Void = { _ in }
    ) throws {
        var readable = settings
        readable.texts = try model.readable(settings.texts)
        self.settings = readable
        self.model = model
        self.models = models
        self.onStart = onStart
        self.onFrame = onFrame
    }

    /// The settings as a manifest has them: what decides what is found.
    var described: [String: SettingValue] {
        let texts = settings.texts.map { text in
            text.object == 1 && settings.texts.count == 1
                ? text.words : "\(text.words)#\(text.object)"
        }
        // It is left out where it is off: then a run from before it could be chosen resumes.
        let padding: [String: SettingValue] =
            settings.skipsPadding ? ["skipPadding": .flag(true)] : [:]
        return padding.merging([
            "text": .text(texts.joined(separator: "; ")),
            "detector": .text(model.name), "detectorWeights": .text(model.identity),
            "textThreshold": .number(settings.threshold),
            "textFrames": .text(settings.frames.described),
            "count": .text(settings.count.described),
            "templates": .text(settings.templates.rawValue),
            "queriesRevision": .number(Double(LabelQueries.revision)),
            "textRevision": .number(Self.revision),
        ]) { own, _ in own }
    }

    /// The numbers that objects may get.
    var possibleObjects: [Int] {
        let own = settings.texts.map(\.object)
        let used = settings.taken.union(own)
        let free = (1...255).lazy.filter { !used.contains($0) }
        return own + free.prefix(settings.texts.count * (settings.count.limit - 1))
    }

    /// What is meant of what was found on frames, and decided by the audio.
    func findings(
        _ frames: [FrameFindings],
        _ decisions: [String: TextFindings.AudioDecision] = [:]
    ) -> TextFindings {
        TextFindings(
            settings.texts,
            frames,
            threshold: settings.threshold,
            count: settings.count,
            decisions: decisions,
            taken: settings.taken
        )
    }

    /// Looks for the things.
    ///
    /// - Parameters:
    ///   - path: the video.
    ///   - stream: which stream of it.
    /// - Returns: what was found, which may be nothing.
    /// - Throws: `EightCutError` when the video is too short or cannot be read, or the model cannot be
    ///   run; `CancellationError`; what the observer throws. The model is loaded last.
    package func run(in path: FilePath, _ stream: VideoStream) async throws -> TextFindings {
        let count = try await stream.countFrames(of: path, upTo: Int(Int32.max))
        let frames = try settings.frames.numbers(of: max(1, count))
        onStart(frames.count)
        let search = try await FrameSearch(
            settings.texts,
            try await models.detector(model, skipsPadding: settings.skipsPadding),
            keeping: max(Self.leastKept, settings.count.limit)
        )
        let findings =
            try await settings.frames.isExhaustive
            ? all(of: frames, in: path, stream, search)
            : firstClear(of: frames, in: path, stream, search)
        return self.findings(findings)
    }

    /// One frame after the other, each decoded by itself, until all texts are seen clearly.
    private func firstClear(
        of frames: [Int],
        in path: FilePath,
        _ stream: VideoStream,
        _ search: FrameSearch<Owlv2Detector>
    ) async throws -> [FrameFindings] {
        var findings: [FrameFindings] = []
        for number in frames where !search.isClear(findings) {
            let frame = try await stream.frame(number, of: path)
            findings.append(try await search.findings(on: frame))
            try onFrame(findings[findings.count - 1], findings.count, frames.count)
        }
        return findings
    }

    /// All frames in one go.
    private func all(
        of frames: [Int],
        in path: FilePath,
        _ stream: VideoStream,
        _ search: FrameSearch<Owlv2Detector>
    ) async throws -> [FrameFindings] {
        let wanted = Set(frames)
        let decoder = VideoDecoder(
            path: path,
            stream: stream,
            format: .rgb24,
            range: 0..<(wanted.max() ?? 0) + 1
        )
        return try await decoder.withFrames { [onFrame] reader in
            var findings: [FrameFindings] = []
            while let frame = try await reader.next() {
                guard wanted.contains(frame.index) else { continue }
                findings.append(try await search.findings(on: frame))
                try onFrame(findings[findings.count - 1], findings.count, wanted.count)
            }
            return findings
        }.result
    }
}

extension VideoStream {
    /// Decodes one frame.
    ///
    /// - Parameters:
    ///   - number: its number, from 0.
    ///   - path: the video.
    /// - Returns: the frame, of format `rgb24`.
    /// - Throws: `EightCutError` when it cannot be read; `CancellationError`.
    package func frame(_ number: Int, of path: FilePath) async throws -> VideoFrame {
        // ffmpeg restarts its count when the size changes: then all frames are counted here.
        for range in [number..<number + 1, 0..<number + 1] {
            let decoder = VideoDecoder(path: path, stream: self, format: .rgb24, range: range)
            let (frame, report) = try await decoder.withFrames { reader in
                var last: VideoFrame?
                while let frame = try await reader.next() { last = frame }
                return last
            }
            if let frame, frame.index == number, !report.changesInMidStream || range.lowerBound == 0
            {
                return frame
            }
        }
        throw EightCutError(
            .toolFailed,
            "cannot read frame \(number) of",
            on: path.string,
            because: "ffmpeg does not decode it again",
            remedy: "Was the file changed meanwhile? Run the same command again."
        )
    }
}

extension TextFindings {
    /// The error that a text was not found.
    ///
    /// - Parameter video: the video.
    /// - Returns: nil where every text was found.
    package func nothingFound(in video: FilePath) -> EightCutError? {
        let objects = self.objects
        guard
            let index = texts.indices.first(where: { index in
                !objects.contains { $0.object == texts[index].object }
            })
        else { return nil }
        let text = texts[index]
        let queries = text.queries.map { quoted($0.text) }.joined(separator: ", ")
        let numbers = frames.map { "\($0.frame)" }.joined(separator: ", ")
        let best = self.best(of: index).map { best in
            "the best score is \(best.score), of \(quoted(best.query)) on frame \(best.frame), below "
                + "the threshold of \(decimal(threshold))"
        }
        return EightCutError(
            .nothingFound,
            "cannot find \(quoted(text.words)) in",
            on: video.string,
            because: "on the \(counted(frames.count, "frame")) \(numbers), looking for \(queries), "
                + (best ?? "the detector proposes nothing"),
            remedy: "Try another word, a lower threshold, or mark the object yourself, on a frame "
                + "that shows it."
        )
    }
}

extension CheckpointModel {
    /// What a detector reads of texts. Only its vocabulary is read for that.
    ///
    /// - Parameter texts: what is looked for.
    /// - Returns: the texts without what is too long for it.
    /// - Throws: `EightCutError`: `usage` that names a text of which nothing is left, `inputMissing` or
    ///   `inputUnusable` when the checkpoint is no detector's.
    package func readable(_ texts: [SearchedText]) throws -> [SearchedText] {
        let reader = try Owlv2TextReader(checkpoint: folder)
        return try texts.map { text in
            if let readable = text.limited(to: reader.canRead) { return readable }
            let names = text.queries.map(\.text)
            let shortest = names.min { $0.utf8.count < $1.utf8.count } ?? text.words
            throw reader.tooLong(text.words, reducedTo: shortest)
        }
    }
}

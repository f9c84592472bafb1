import Diagnostics
import Files
import MaskStore
import Media
import Progress
import SystemPackage

/// A video that is probed once for all that is done with it.
package struct ProbedVideo: Sendable {
    package let path: FilePath
    package let stream: VideoStream
    /// Identifies the content, so that a change from here on is noticed.
    let fingerprint: FileFingerprint

    /// - Throws: `EightCutError` when the video cannot be read; `CancellationError`.
    package init(_ path: FilePath, _ options: VideoOptions = VideoOptions()) async throws {
        self.path = path
        stream = try await VideoProbe.stream(of: path, options)
        fingerprint = try FileFingerprint(of: path)
    }
}

/// One method over one video: frames in, PNG files and a manifest out.
package struct MaskRun: Sendable {
    private let video: ProbedVideo
    private let output: FilePath
    private let inputs: [FilePath]
    private let method: any MaskMethod
    private let inverts: Bool
    private let replaces: Bool
    private let reporter: any ProgressReporter
    /// How long the stages of the run take.
    package let clock = StageClock()

    /// - Parameters:
    ///   - video: the video.
    ///   - output: the folder for the masks; `MaskFolder.defaultPath` unless the user names one.
    ///   - inputs: files that are read besides the video, which are never replaced.
    ///   - method: how to make masks.
    ///   - inverts: whether the object shall be black.
    ///   - replaces: whether masks of another input or other settings may be replaced.
    ///   - reporter: receives the events of the run but the last.
    package init(
        _ video: ProbedVideo,
        output: FilePath,
        inputs: [FilePath] = [],
        method: any MaskMethod,
        inverts: Bool,
        replaces: Bool,
        reporter: any ProgressReporter
    ) {
        self.video = video
        self.output = output.absolute
        self.inputs = [video.path] + inputs
        self.method = method
        self.inverts = inverts
        self.replaces = replaces
        self.reporter = reporter
    }

    /// Makes the masks: claims the folder, decodes the video through the method, commits. A run
    /// that was interrupted resumes where it stopped; one that is complete already ends at once.
    ///
    /// - Throws: `EightCutError`, `CancellationError` or `OutputClosed`; the frames that were done
    ///   are kept.
    package func run() async throws -> RunSummary {
        let meter = ProgressMeter()
        var manifest = plan(of: method)
        try reporter.report(.started(started))
        try reporter.warn("streamChoice", video.stream.choiceNote)
        try reporter.warn("transparency", video.stream.transparencyNote(of: video.path))
        let claim = try await MaskFolder.claim(
            output,
            for: manifest,
            reading: inputs,
            estimatedFrames: video.stream.estimatedFrames,
            replaces: replaces
        )
        defer { withExtendedLifetime(claim) {} }
        if case .complete(let done) = claim.state {
            return summary(
                of: done,
                counting: done.flagCounts,
                meter,
                wasComplete: true,
                excess: try claim.excess(over: done)
            )
        }
        if case .resumable(let found) = claim.state, !found.missing.isEmpty {
            try reporter.report(.warning(missing(found)))
        }
        let method: any MaskMethod
        do {
            method = try await prepared(claim, manifest.identity)
        } catch {
            claim.release()
            throw error
        }
        manifest = plan(of: method)
        let target = try claim.begin(manifest)
        let judging =
            method.judgesItself ? nil : ScorePass(video, target, manifest.polarity, clock: clock)
        let recorder = makeRecorder(target.journal, judging)
        let scored: FrameJournal
        do {
            let identity = manifest.identity
            let (report, found) = try await withTaskCancellationHandler {
                try await decode(with: method, into: target, identity, recorder)
            } onCancel: {
                judging?.cancel()
            }
            try check(report, recorder.count)
            scored = try await score(recorder.journal, judging, target)
            manifest.complete(
                after: report,
                confidence: scored.confidence,
                score: scored.score,
                foundPrompts: found.prompts,
                detections: found.detections
            )
            let fields = FieldReport(marked: report.interlacedCount)
            try reporter.warn("interlaced", fields.note(video.stream, of: video.path))
        } catch {
            await judging?.abandon()
            claim.abandon(manifest, target, recorder.journal)
            throw error
        }
        let foreign = try claim.commit(manifest, target, scored)
        return summary(
            of: manifest,
            counting: scored.flagCounts,
            meter,
            foreign: foreign,
            excess: try claim.excess(over: manifest)
        )
    }

    /// - Returns: the records with the scores of their masks.
    private func score(
        _ journal: FrameJournal,
        _ judging: ScorePass?,
        _ target: MaskTarget
    ) async throws -> FrameJournal {
        if let judging { return try await judging.finish() }
        var scored = try FrameJournal.unnamed(in: target.workspace)
        try DrawnScores.copy(journal, to: &scored)
        return scored
    }

    /// Masks that were made once and are gone are made again, but not without a word.
    private func missing(_ found: ClaimedFolder.Found) -> ProgressEvent.Warning {
        let frames = FrameRanges.text(found.missing)
        return .init(
            code: "missingMasks",
            message: "\(quoted(output.string)) had no masks of \(frames) any more. They are made "
                + "again, from frame \(found.count) on."
        )
    }

    private func prepared(
        _ claim: ClaimedFolder,
        _ identity: String
    ) async throws -> any MaskMethod {
        try await method.prepared(
            for: MaskPreparation(
                path: video.path,
                stream: video.stream,
                kept: claim.keptWorkspace,
                identity: identity
            )
        )
    }

    private func plan(of method: any MaskMethod) -> MaskManifest {
        let settings = method.settings.merging(["invert": .flag(inverts)]) { own, _ in own }
        return MaskManifest(
            method: MaskManifest.Method(name: method.name, settings: settings),
            auxiliary: method.auxiliary,
            input: MaskManifest.Input(
                path: video.path,
                stream: video.stream,
                file: video.fingerprint
            )
        )
    }

    private var started: ProgressEvent.Started {
        .init(job: "masks \(method.name)", input: video.path.string, output: output.string)
    }

    private func makeRecorder(_ journal: FrameJournal, _ judging: ScorePass?) -> FrameRecorder {
        judging?.note(recordedCount: journal.count)
        return FrameRecorder(
            journal: journal,
            total: video.stream.estimatedFrames,
            analysisShare: method.analysisShare,
            reporter: reporter
        ) { count in judging?.note(recordedCount: count) }
    }

    /// Frames come from ffmpeg and go through the method one after the other.
    ///
    /// - Returns: what was decoded, and what the method has found by itself.
    private func decode(
        with method: any MaskMethod,
        into target: MaskTarget,
        _ identity: String,
        _ recorder: FrameRecorder
    ) async throws -> (report: DecodeReport, found: Found) {
        let task = MaskVideo(
            path: video.path,
            stream: video.stream,
            workspace: target.workspace,
            identity: identity,
            doneCount: recorder.count,
            clock: clock
        ) { count in try recorder.note(analyzedCount: count) }
        let pass = MaskPass(
            target: target,
            doneCount: task.doneCount,
            inverts: inverts,
            stage: method.stage,
            recorder: recorder,
            clock: clock
        )
        let decoder = VideoDecoder(
            path: video.path,
            stream: video.stream,
            format: method.pixelFormat
        )
        let (found, report) = try await decoder.withFrames { frames in
            var session = try await method.makeSession(for: task)
            do {
                try await pass.run(frames, through: &session)
            } catch {
                await session.end()
                throw error
            }
            await session.end()
            return Found(prompts: session.foundPrompts, detections: session.detections)
        }
        return (report, found)
    }

    /// What a session has found by itself.
    private struct Found {
        let prompts: String?
        let detections: JSONValue?
    }

    /// Checks that the video is still the same, and that every frame of it has its mask.
    private func check(_ report: DecodeReport, _ count: Int) throws {
        guard try FileFingerprint(of: video.path) == video.fingerprint else {
            throw EightCutError(
                .inputOutput,
                "cannot finish the masks of",
                on: video.path.string,
                because: "the file was changed while it was read",
                remedy: "Replace the masks when the file is complete."
            )
        }
        guard count == report.frameCount else {
            throw EightCutError(
                .toolFailed,
                "cannot finish the masks of",
                on: video.path.string,
                because: "ffmpeg has decoded \(report.frameCount) frames, but there are "
                    + "\(count) masks",
                remedy: "Run the command again, and replace the masks."
            )
        }
    }

    private func summary(
        of manifest: MaskManifest,
        counting flags: [MaskFlag: Int],
        _ meter: ProgressMeter,
        wasComplete: Bool = false,
        foreign: [FilePath] = [],
        excess: MaskSetProblem?
    ) -> RunSummary {
        RunSummary(
            input: video.path,
            output: output,
            method: manifest.method,
            frameCount: manifest.frameCount,
            flagCounts: flags,
            confidence: manifest.confidence,
            score: manifest.score,
            inputProblem: manifest.inputProblem,
            wasComplete: wasComplete,
            foreign: foreign,
            excess: excess,
            seconds: meter.elapsed
        )
    }
}

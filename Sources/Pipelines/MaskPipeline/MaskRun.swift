import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import Progress
import SystemPackage

/// One method over one video: frames in, PNG files and a manifest out.
package struct MaskRun: Sendable {
    private let input: FilePath
    private let output: FilePath
    private let method: any MaskMethod
    private let inverts: Bool
    private let replaces: Bool
    private let reporter: any ProgressReporter
    /// How long the stages of the run take.
    package let clock = StageClock()

    /// Plans a run.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - output: the folder for the masks; `MaskFolder.defaultPath` unless the user says otherwise.
    ///   - method: how to make masks.
    ///   - inverts: whether the object shall be black.
    ///   - replaces: whether masks of another input or other settings may be replaced.
    ///   - reporter: who is told how it goes.
    package init(
        input: FilePath,
        output: FilePath,
        method: any MaskMethod,
        inverts: Bool,
        replaces: Bool,
        reporter: any ProgressReporter
    ) {
        self.input = input
        self.output = output.absolute
        self.method = method
        self.inverts = inverts
        self.replaces = replaces
        self.reporter = reporter
    }

    /// Makes the masks. A run that was interrupted goes on where it stopped; one that is
    /// complete already ends at once.
    ///
    /// - Returns: how it went.
    /// - Throws: `EightCutError`, `CancellationError` or `OutputClosed`; the frames that were done
    ///   are kept.
    package func run() async throws -> RunSummary {
        let meter = ProgressMeter()
        let stream = try await VideoProbe.stream(of: input)
        var manifest = MaskManifest(
            method: MaskManifest.Method(name: method.name, settings: allSettings),
            sideFolders: method.sideFolders,
            input: try MaskManifest.Input(path: input, stream: stream)
        )
        let folder = MaskFolder(path: output)
        try reporter.report(
            .started(
                .init(
                    job: "masks \(method.name)",
                    input: input.string,
                    output: output.string
                )
            )
        )
        let opened = try await folder.open(for: manifest, replaces: replaces)
        if let complete = opened.completeManifest {
            try? folder.workspace.remove()
            return RunSummary(
                output: output,
                manifest: complete,
                wasComplete: true,
                seconds: meter.elapsed,
                flagCounts: RunSummary.count(complete.frames)
            )
        }

        let target = opened.target
        if opened.doneCount == 0 {
            try target.removeJournal()
        }
        for name in method.sideFolders { try Folder.create(target.side(name).path) }
        try manifest.write(to: target.manifestPath, framesFrom: nil)
        let journal = try FrameJournal(at: target.journalPath)
        let recorder = try FrameRecorder(
            journal: journal,
            doneCount: opened.doneCount,
            progress: FrameProgress(
                total: stream.estimatedFrames,
                doneCount: opened.doneCount,
                reporter: reporter
            )
        )
        let report: DecodeReport
        do {
            report = try await decode(
                stream,
                into: target,
                identity: manifest.identity,
                recorder: recorder
            )
            try checkUnchanged(since: manifest.input.file)
            try checkCount(journal.count, decoded: report.frameCount)
        } catch {
            // What is done is told to whoever looks into the folder, and nothing is left where
            // nothing is done; that must not hide why the run ends.
            manifest.frameCount = journal.count
            if journal.count == 0, !target.workspace.isThere {
                try? target.removeOurs(sides: method.sideFolders)
            } else {
                try? manifest.write(to: target.manifestPath, framesFrom: journal)
            }
            throw error
        }
        manifest.complete = true
        manifest.frameCount = report.frameCount
        manifest.input.frameCount = report.frameCount
        manifest.inputProblem = report.problem
        try manifest.write(to: target.manifestPath, framesFrom: journal)
        try target.removeJournal()
        try target.workspace.remove()
        if opened.isStaged { try folder.promoteStaging() }
        withExtendedLifetime(opened.lock) {}
        return RunSummary(
            output: output,
            manifest: manifest,
            wasComplete: false,
            seconds: meter.elapsed,
            flagCounts: recorder.flagCounts
        )
    }

    private var allSettings: [String: SettingValue] {
        method.settings.merging(["invert": .flag(inverts)]) { own, _ in own }
    }

    /// Frames come from ffmpeg, go through the method one after the other, and are drawn and
    /// written beside that.
    private func decode(
        _ stream: VideoStream,
        into target: MaskFolder,
        identity: String,
        recorder: FrameRecorder
    ) async throws -> DecodeReport {
        let decoder = VideoDecoder(path: input, stream: stream, format: method.pixelFormat)
        let video = MaskVideo(
            path: input,
            stream: stream,
            workspace: target.workspace,
            identity: identity,
            doneCount: recorder.count
        ) { try recorder.note(worked: $0) }
        return try await decoder.withFrames { frames in
            var session = try await method.makeSession(for: video)
            do {
                try await pass(frames, to: &session, into: target, recorder: recorder)
            } catch {
                await session.end()
                throw error
            }
            await session.end()
        }.report
    }

    private func pass(
        _ frames: FrameReader,
        to session: inout any MaskSession,
        into target: MaskFolder,
        recorder: FrameRecorder
    ) async throws {
        let doneCount = recorder.count
        try await withThrowingTaskGroup(of: Void.self) { group in
            do {
                var waiting = 0
                func start(_ masks: [PendingMask]) async throws {
                    for mask in masks where mask.frameIndex >= doneCount {
                        if waiting == MaskFolder.maximumUnrecorded {
                            try await group.next()
                            waiting -= 1
                        }
                        group.addTask { try recorder.take(write(mask, into: target)) }
                        waiting += 1
                    }
                }
                while let frame = try await next(frames) {
                    let begin = ContinuousClock.now
                    let masks = try await session.add(
                        frame,
                        isDone: frame.index < doneCount
                    )
                    clock.add(method.name, begin.duration(to: .now))
                    try await start(masks)
                    try recorder.check()
                    try session.save(recorded: recorder.count, isLast: false)
                }
                try recorder.end(total: frames.count)
                try await start(session.finish())
                try await group.waitForAll()
            } catch {
                // Frames that are nearly done are finished and kept.
                while !group.isEmpty { _ = try? await group.next() }
                try? session.save(recorded: recorder.count, isLast: true)
                throw error
            }
        }
    }

    private func write(_ pending: PendingMask, into target: MaskFolder) throws -> FrameRecord {
        var mask = try clock.measure("draw", pending.draw)
        if inverts { mask.image.invert() }
        try clock.measure("write") {
            for (name, picture) in mask.sides {
                let side = inverts ? picture.inverted() : picture
                try side.write(to: target.side(name).framePath(pending.frameIndex))
            }
            try PNG.write(mask.image, to: target.framePath(pending.frameIndex))
        }
        return clock.measure("describe") {
            FrameRecord(frame: pending.frameIndex, time: pending.time, mask: mask)
        }
    }

    private func next(_ frames: FrameReader) async throws -> VideoFrame? {
        let start = ContinuousClock.now
        defer { clock.add("wait for ffmpeg", start.duration(to: .now)) }
        return try await frames.next()
    }

    private func checkCount(_ recorded: Int, decoded: Int) throws {
        guard recorded != decoded else { return }
        throw EightCutError(
            .toolFailed,
            "cannot finish the masks of",
            on: input.string,
            because: "ffmpeg has decoded \(decoded) frames, but there are \(recorded) masks",
            remedy: "Run the command again with --overwrite."
        )
    }

    private func checkUnchanged(since start: FileFingerprint) throws {
        guard try FileFingerprint(of: input) != start else { return }
        throw EightCutError(
            .inputOutput,
            "cannot finish the masks of",
            on: input.string,
            because: "the file was changed while it was read",
            remedy: "Run the command again with --overwrite when the file is complete."
        )
    }
}

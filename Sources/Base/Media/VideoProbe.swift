import Diagnostics
import Glibc
import Processes
import SystemPackage

/// Finds out what is in a video file, with ffprobe.
package enum VideoProbe {
    /// The video stream that masks are made for.
    ///
    /// - Throws: `EightCutError` when the file is missing, no video, or has no video stream.
    package static func stream(
        of path: FilePath,
        _ options: VideoOptions = VideoOptions()
    ) async throws -> VideoStream {
        var stream = try await report(of: path, options).videoStream(path: path, options)
        stream.frameRate = try await FrameRateProbe(path, stream).rate()
        return stream
    }

    /// The same for estimates: a frame rate that the file gives is believed, also where film is
    /// carried with pulldown flags.
    ///
    /// - Throws: `EightCutError` when the file is missing, no video, or has no video stream.
    package static func declaredStream(of path: FilePath) async throws -> VideoStream {
        let options = VideoOptions()
        var stream = try await report(of: path, options).videoStream(path: path, options)
        if !stream.declaresRate { stream.frameRate = try await FrameRateProbe(path, stream).rate() }
        return stream
    }

    /// What is known about a file that clips are cut out of.
    ///
    /// - Throws: `EightCutError` when the file is missing, no video, or has no video stream.
    package static func source(
        of path: FilePath,
        _ options: VideoOptions = VideoOptions()
    ) async throws -> MediaSource {
        var source = try await report(of: path, options).source(path: path, options)
        source.video.frameRate = try await FrameRateProbe(path, source.video).rate()
        return source
    }

    /// The same, with the times of all its frames, in one run of ffprobe: for short files, which are
    /// read as a whole.
    ///
    /// - Throws: as `source(of:_:)`.
    package static func indexedSource(
        of path: FilePath
    ) async throws -> (source: MediaSource, index: FrameIndex) {
        do {
            let options = VideoOptions()
            let report = try await report(of: path, options, withPackets: true)
            var source = try report.source(path: path, options)
            let packets = report.packets(of: source.video.index)
            source.video.frameRate = try await FrameRateProbe(path, source.video, packets).rate()
            return (source, try FrameIndex(source, packets))
        } catch let error as EightCutError where error == tooLarge(path) {
            let source = try await source(of: path)
            return (source, FrameIndex(source))
        }
    }

    /// What is asked of ffprobe, and nothing else: tags and side data can be of any size.
    private static let entries = [
        "format=format_name,start_time,duration",
        "stream=index,codec_name,codec_type,width,height,avg_frame_rate,r_frame_rate,time_base,"
            + "start_time,duration,nb_frames,color_transfer,color_space,color_primaries,color_range,pix_fmt,"
            + "field_order,"
            + "sample_aspect_ratio,sample_rate,channels,channel_layout,side_data_list",
        "stream_disposition="
            + ProbeReport.Disposition.CodingKeys.allCases.map(\.rawValue).joined(separator: ","),
        "stream_tags=DURATION,language,alpha_mode",
        rotationEntry,
        "program_version=version",
    ]

    private static let rotationEntry = "stream_side_data=rotation"

    /// The same for FFmpeg 4, which has no name for one side data of a stream: all of them.
    private static let oldRotationEntry = "stream_side_data_list"

    private static let packetEntries = "packet=stream_index,pts,dts,duration,flags"

    private static func report(
        of path: FilePath,
        _ options: VideoOptions,
        withPackets: Bool = false
    ) async throws -> ProbeReport {
        switch try MediaInput.check(path, options) {
        case .file:
            return try await report(
                of: path,
                MediaInput.guardingArguments(path) + ["-i", MediaInput.url(path)],
                entries + (withPackets ? [packetEntries] : [])
            )
        case .images(let images, let isTurned):
            var report = try await report(of: path, images.arguments)
            report.images = ProbeReport.Images(sequence: images, isTurned: isTurned)
            if images.hasAudio {
                report.addAudio(of: try await self.report(of: path, images.audioArguments))
            }
            return report
        }
    }

    private static func report(
        of path: FilePath,
        _ input: [String],
        _ entries: [String] = entries
    ) async throws -> ProbeReport {
        let ask = { (entries: [String]) in
            try await withTimeLimit(path) {
                try await run(
                    [
                        "-loglevel", "repeat+level+error", "-print_format", "json", "-show_entries",
                        entries.joined(separator: ":"),
                    ] + input,
                    on: path
                )
            }
        }
        var answer = try await ask(entries)
        if answer.errors.contains(where: { $0.contains(exactly: "No match for section") }) {
            answer = try await ask(entries.map { $0 == rotationEntry ? oldRotationEntry : $0 })
        }
        switch answer.exit {
        case .signaled(let signal):
            throw FFmpegProgram.ffprobe.killedError(signal: signal, on: path)
        case .exited(let status) where status != 0:
            throw failure(status, answer.errors, path)
        case .exited: break
        }
        var report = try ProbeReport(json: answer.output, path: path)
        if let version = report.program?.version { FFmpegDialect.note(version: version) }
        report.exceedsPixels = answer.errors.contains {
            $0.contains(exactly: "exceeds specified max pixel")
        }
        if report.hasSeveralVideos { report.packetCounts = try await packetCounts(path, input) }
        if report.hasAlphaLayer { report.decoders = try await decoders(path) }
        return report
    }

    /// How many packets each video stream has in the first half a minute. A stream with one beside
    /// others is a still image, whatever the container says of its duration.
    private static func packetCounts(_ path: FilePath, _ input: [String]) async throws -> [Int: Int]
    {
        let answer = try await withTimeLimit(path) {
            try await run(
                [
                    "-loglevel", "quiet", "-select_streams", "v", "-read_intervals", "%+30",
                    "-show_entries", "packet=stream_index", "-print_format", "csv=p=0",
                ] + input,
                on: path
            )
        }
        let lines = answer.output.split(separator: UInt8(ascii: "\n"))
        return lines.reduce(into: [:]) { counts, line in
            guard let index = Int(String(decoding: line.prefix { $0 != 0x2C }, as: UTF8.self))
            else { return }
            counts[index, default: 0] += 1
        }
    }

    /// FFmpeg's names of the decoders that are here.
    private static func decoders(_ path: FilePath) async throws -> Set<String> {
        let answer = try await run(["-hide_banner", "-decoders"], on: path)
        let words = String(decoding: answer.output, as: UTF8.self).unicodeScalars
            .split { $0 == " " || $0 == "\n" }  // text: scalars
        return Set(words.map { String($0) })
    }

    private static func failure(
        _ status: Int32,
        _ messages: [String],
        _ path: FilePath
    ) -> EightCutError {
        if FFmpegMessages.isOfRefusedKind(messages) {
            let content = RefusedContent(of: path)
            return EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: path.string,
                because: content.why,
                remedy: content.remedy
            )
        }
        guard let reason = FFmpegMessages.reason(in: messages, url: MediaInput.url(path)) else {
            return FFmpegProgram.ffprobe.failedError(
                status: status,
                message: messages.last,
                on: path
            )
        }
        return EightCutError(
            .inputUnusable,
            "cannot read the video",
            on: path.string,
            because: reason,
            remedy: "Check that it is a video file and that it is complete."
        )
    }

    /// Ends a probe that takes too long: 100,000 tags keep ffprobe busy for minutes.
    private static func withTimeLimit(
        _ path: FilePath,
        _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: MediaLimits.probeTime)
                throw EightCutError(
                    .inputUnusable,
                    "cannot read the video",
                    on: path.string,
                    because: "ffprobe has found nothing out in a minute: the file has too much "
                        + "metadata, or its disk is too slow"
                )
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    /// What ffprobe has written.
    struct Answer: Sendable {
        let exit: ChildExit
        let output: [UInt8]
        /// The first and the last messages.
        let errors: [String]
    }

    /// Runs ffprobe. However much it complains, only so much is kept.
    ///
    /// - Throws: `EightCutError` when it is missing, or its answer has no end.
    static func run(_ arguments: [String], on path: FilePath) async throws -> Answer {
        let (output, exit, errors) = try await run(arguments, on: path, into: [UInt8]()) {
            $0 += $1
            return $0.count <= MediaLimits.reportBytes
        }
        return Answer(exit: exit, output: output, errors: errors)
    }

    /// Runs ffprobe. Piece by piece `take` adds what it writes to the result, and gives false when
    /// it is too much.
    static func run<Result: Sendable>(
        _ arguments: [String],
        on path: FilePath,
        into result: Result,
        _ take: @escaping @Sendable (inout Result, [UInt8]) -> Bool
    ) async throws -> (result: Result, exit: ChildExit, errors: [String]) {
        do {
            let (answer, exit) = try await FFmpegProgram.ffprobe.child(arguments).run(
                output: .piped,
                errors: .piped
            ) { child in
                async let errors = messages(of: child)
                var result = result
                for try await piece in child.output {
                    guard take(&result, Array(piece)) else {
                        kill(child.id, SIGKILL)
                        throw tooLarge(path)
                    }
                }
                return (result: result, errors: try await errors)
            }
            return (answer.result, exit, answer.errors)
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffprobe.startError(error, on: path)
        }
    }

    private static func messages(of child: RunningChild) async throws -> [String] {
        var kept = HeadAndTail()
        for try await line in child.errors.lines where !line.isEmpty { kept.append(line) }
        return kept.lines
    }

    private static func tooLarge(_ path: FilePath) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot read the video",
            on: path.string,
            because: "ffprobe has found more in it than "
                + ByteCount.approximate(MediaLimits.reportBytes)
        )
    }
}

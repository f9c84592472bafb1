import SystemPackage

/// The times of decoded frames, from the first of the file on: what the decoder gives is what masks
/// and clips are made of.
struct DecodedTimes: Sendable {
    /// The frames' timestamps in the file, in the order in which they are decoded.
    let timestamps: [Int]
    /// The timestamps that ffmpeg sees when it cuts, where they are others.
    let cutTimestamps: [Int]?
    /// Whether ffmpeg joins timestamps that jump.
    let isJoined: Bool
    /// Whether there is no frame after them.
    let reachesEnd: Bool
    /// The audio stream that is read along.
    private let audio: Int?

    /// How far frames are decoded.
    enum Limit: Sendable {
        /// To a time in microseconds of the file's timestamps.
        case time(Int)
        /// So many frames.
        case count(Int)
    }

    /// Which timestamps are joined depends on the streams that are read.
    func serves(_ audio: Int?) -> Bool { !isJoined || self.audio == audio }

    var times: FrameTimes {
        FrameTimes(
            timestamps: timestamps,
            cutTimestamps: cutTimestamps,
            isEnd: reachesEnd,
            reading: isJoined ? .joining : .fromStart,
            isCounted: true
        )
    }

    /// Whether times jump, as where files were joined.
    func jumps(_ source: MediaSource) -> Bool {
        let second = source.ticks(1_000_000)
        return zip(timestamps, timestamps.dropFirst()).contains { one, next in
            next < one - second / 2 || next > one + 10 * second
        }
    }

    /// Decodes.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - limit: how far.
    ///   - joins: whether ffmpeg shall join timestamps that jump.
    ///   - audio: the audio stream that the clip will have.
    /// - Returns: the times from the first frame on.
    /// - Throws: `EightCutError` when nothing can be decoded, or `CancellationError`.
    static func read(
        _ source: MediaSource,
        until limit: Limit,
        joins: Bool,
        audio: Int?
    ) async throws -> DecodedTimes {
        let input = input(source, until: limit, joins: joins)
        var arguments = FFmpegRun.commonArguments + input
        // The clip is cut with its audio, masks are made without: times are joined differently.
        let hasAudio = joins && audio != nil
        if hasAudio { arguments += input }
        arguments += output(source, limit, "in", 0, audio: nil)
        if hasAudio { arguments += output(source, limit, "cut", 1, audio: audio) }
        let messages = try await FFmpegRun(arguments: arguments, input: source.path)
            .run(failureMessage: "cannot read the video")
        var timestamps = messages.timestamps(of: "in")
        let cut = messages.timestamps(of: "cut")
        if joins {
            let zero = source.ticks(source.origin + source.video.timeOffset)
            timestamps = timestamps.map { $0 + zero }
        }
        let reachesEnd =
            switch limit {
            case .time(let end): timestamps.last ?? .min < source.ticks(end - 1_000_000)
            case .count(let count): timestamps.count < count
            }
        return DecodedTimes(
            timestamps: timestamps,
            cutTimestamps: joins
                ? hasAudio && cut.count >= timestamps.count ? cut : messages.timestamps(of: "in")
                : nil,
            isJoined: joins,
            reachesEnd: reachesEnd,
            audio: audio
        )
    }

    private static func input(
        _ source: MediaSource,
        until limit: Limit,
        joins: Bool
    ) -> [String] {
        var arguments = joins ? [] : ["-copyts"]
        if case .time(let end) = limit {
            arguments += ["-t", Microseconds.text(max(1_000_000, end - source.startTime))]
        }
        return arguments + source.video.decoderArguments
            + MediaInput.arguments(source.path, source.video.options)
    }

    private static func output(
        _ source: MediaSource,
        _ limit: Limit,
        _ name: String,
        _ input: Int,
        audio: Int?
    ) -> [String] {
        let all = FrameFilters(source.video)
        let filters = (all.changesFrameCount ? all.fields : []) + ["showinfo@\(name)=checksum=0"]
        var arguments = [
            "-map", "\(input):\(source.video.index)", "-fps_mode", "passthrough", "-vf",
            filters.joined(separator: ","),
        ]
        if let audio { arguments += ["-map", "\(input):\(audio)", "-c:a", "copy"] }
        if case .count(let count) = limit { arguments += ["-frames:v", "\(count)"] }
        return arguments + ["-f", "null", "-"]
    }
}

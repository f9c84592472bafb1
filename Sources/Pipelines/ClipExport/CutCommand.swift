import ClipLibrary
import Diagnostics
import Media
import SystemPackage

/// The command line of ffmpeg that cuts clips out of one video in one go.
///
/// The clips share seeking, decoding, crop and scale; each has its own end of the filter graph.
struct CutCommand: Sendable {
    /// The clips, with the same source and settings, by their start.
    let plans: [CutPlan]
    let files: [ClipFiles]
    let encoder: VideoEncoder
    /// Whether this program runs it: it reports progress, and replaces existing files.
    let isOurs: Bool
    /// Whether the video changes its matrix in mid-stream: then all frames get that of the first.
    var changesMatrix = false
    /// Whether the audio is decoded and measured alone, and nothing written.
    var isHeardOnly = false
    /// Whether the audio comes as `constantAudio`, through the standard input.
    var readsConstantAudio = false

    private var source: MediaSource { plans[0].source }
    private var settings: CutSettings { plans[0].settings }

    var arguments: [String] {
        guard !isHeardOnly else { return listening }
        return (isOurs ? FFmpegRun.commonArguments + ["-y"] : ["-hide_banner", "-nostdin", "-n"])
            + encoder.deviceArguments + inputArguments
            // Where audio changes in mid-file, ffmpeg builds its graph anew: not that of the frames.
            + [videoGraph, audioGraph].compactMap(\.self).flatMap { ["-filter_complex", $0] }
            + zip(plans, files).enumerated().flatMap {
                number,
                clip in output(number, clip.0, clip.1)
            }
    }

    private var listening: [String] {
        FFmpegRun.commonArguments + inputArguments
            + (audioGraph.map { ["-filter_complex", $0] } ?? [])
            + plans.indices.flatMap { ["-map", "[a\($0)]"] } + ["-f", "null", "-"]
    }

    /// The command as a line for a shell.
    var line: String {
        let line = shellLine(["ffmpeg"] + FFmpegDialect.adapted(arguments))
        guard settings.form != .video else { return line }
        return shellLine(["mkdir", "-p", "--"] + files.map(\.main.string)) + " && " + line
    }

    private var inputArguments: [String] {
        // Where the audio ends early, ffmpeg would otherwise read on to the end of the file.
        let arguments = sourceArguments(after: 60_000_000)
        guard readsConstantAudio else { return arguments }
        return arguments + ["-protocol_whitelist", "pipe", "-f", "wav", "-i", "pipe:0"]
    }

    /// The source, from the place to seek to until some microseconds after the clips.
    private func sourceArguments(after rest: Int) -> [String] {
        var arguments: [String] = []
        if let seek {
            // ffmpeg counts from the first timestamp, which may be less than 0.
            arguments += ["-ss", Microseconds.text(seek - source.startTime), "-noaccurate_seek"]
        }
        let end = plans.map(\.endTimestamp).max() ?? 0
        let joins = plans.contains { $0.reading == .joining }
        let most = end - (joins ? 0 : seek ?? source.startTime) + rest
        arguments += ["-t", Microseconds.text(most), "-reinit_filter:v", "0"]
        arguments += source.video.decoderArguments
        return (joins ? [] : ["-copyts"]) + source.inputArguments(arguments)
    }

    /// Where ffmpeg begins to read, in microseconds of the file's timestamps; nil for its start.
    private var seek: Int? {
        var seeks: [Int] = []
        for plan in plans {
            guard case .seeking(let seek) = plan.reading else { return nil }
            seeks.append(seek)
        }
        return seeks.min()
    }

    /// The first frame of all clips, where all are cut by numbers.
    private var firstNumber: Int? {
        let numbers = plans.compactMap(\.firstNumber)
        return numbers.count == plans.count ? numbers.min() : nil
    }

    /// What all clips have in common: their frames at the size of the clips.
    private var commonFilters: [String] {
        let geometry = plans[0].geometry
        let filters = FrameFilters(source.video)
        let times = isOurs ? ["showinfo@in=checksum=0"] : []
        // Where only some clips are cut by numbers, all frames are needed to count them.
        let begin =
            if let firstNumber {
                "trim=start_frame=\(firstNumber)"
            } else if plans.allSatisfy({ $0.firstNumber == nil }) {
                "trim=start_pts=\(plans.map(\.cutTimestamp).min() ?? 0)"
            } else {
                "null"
            }
        // Fields are told by the frames before the first; the times are those of what they give.
        let last = [begin] + filters.colors + geometry.filters
        let full = (geometry.source.width, geometry.source.height)
        let unified = changesMatrix ? filters.unifying(size: full) : nil
        let held = unified ?? filters.tags + [geometry.sizeHoldingFilter]
        return filters.changesFrameCount
            ? held + filters.fields + times + last
            : times + held + looking(from: begin) + filters.fields + last
    }

    /// The audio of all clips in one form, for a source in which it changes; nil without audio, and
    /// for the audio of images, which cannot change.
    var constantAudio: ConstantAudio? {
        guard let audio = plans[0].audio, source.audioInput == 0 else { return nil }
        return ConstantAudio(
            source,
            audio.stream,
            input: sourceArguments(after: 2_000_000),
            layout: audio.sourceLayout.rawValue,
            channels: audio.sourceLayout.channels,
            mask: audio.sourceLayout.mask,
            first: firstSample
        )
    }

    /// The first sample of `constantAudio`: a second before the clips.
    private var firstSample: Int {
        let audios = plans.compactMap(\.audio)
        return (audios.map(\.firstSample).min() ?? 0) - (audios.first?.stream.sampleRate ?? 0)
    }

    private var videoGraph: String {
        let count = plans.count
        let common = commonFilters
        let ends = (0..<count).map { "[p\($0)]" }.joined()
        var chains = [
            "[0:\(source.video.index)]" + common.joined(separator: ",") + ",split=\(count)" + ends
        ]
        for (number, plan) in plans.enumerated() {
            chains.append("[p\(number)]" + video(plan, number) + "[v\(number)]")
        }
        return chains.joined(separator: ";")
    }

    private var audioGraph: String? {
        guard let audio = plans[0].audio else { return nil }
        let ends = plans.indices.map { "[s\($0)]" }.joined()
        let input = readsConstantAudio ? "1:0" : "\(source.audioInput):\(audio.stream.index)"
        var chains = ["[\(input)]asplit=\(plans.count)" + ends]
        for (number, plan) in plans.enumerated() {
            guard let audio = plan.audio else { continue }
            chains.append("[s\(number)]" + self.audio(audio, number))
        }
        return chains.joined(separator: ";")
    }

    /// Looks at the fields of some frames, at rates that interlaced video has: more of them would
    /// cost time. The frames themselves go on.
    private func looking(from begin: String) -> [String] {
        let video = source.video
        guard isOurs, [.auto, .off].contains(video.options.deinterlacing), !video.properties.isRGB,
            (24.5...30.5).contains(video.frameRate?.value ?? 0), (16...1100).contains(video.height)
        else { return [] }
        return [
            "split[m][f];[f]" + begin, "trim=end_frame=40", "idet@fields",
            "nullsink;[m]null",
        ]
    }

    /// From the first frame on, at a constant rate, exactly so many.
    private func video(_ plan: CutPlan, _ number: Int) -> String {
        let start = TimestampClock(source).microseconds(plan.cutTimestamp)
        let first = firstNumber ?? 0
        let begin =
            plan.firstNumber.map { "trim=start_frame=\($0 - first)" }
            ?? "trim=start_pts=\(plan.cutTimestamp)"
        let rate = plan.frameRate
        // Frame k of the clip is the last one of the source whose time is not after k / rate: so
        // times are rounded up to their place. When all frames are taken, to the nearest.
        let places =
            switch plan.placing {
            case .each(let shift):
                [
                    "settb=1/1000000", "setpts=PTS-\(start - shift)",
                    "fps=\(rate):start_time=0:round=near",
                ]
            case .numbered:
                ["settb=\(rate.denominator)/\(rate.numerator)", "setpts=N", "fps=\(rate)"]
            case .shown(let tolerance):
                [
                    "settb=1/1000000", "setpts=PTS-\(start + tolerance)",
                    "fps=\(rate):start_time=0:round=up",
                ]
            }
        // The last frame may be shown for longer than ffmpeg knows.
        let end = ["tpad=stop_mode=clone:stop=1", "trim=end_frame=\(plan.frameCount)"]
        let filters = [begin] + places + end
        let messages = isOurs ? ["showinfo@v\(number)=checksum=0"] : []
        return (filters + plan.geometry.clipFilters + messages + formatFilters)
            .joined(separator: ",")
    }

    private var formatFilters: [String] {
        let filters = FrameFilters(source.video)
        switch settings.form {
        case .video: return filters.ending(.video) + encoder.uploadFilters
        case .webp: return filters.ending(.webp)
        case .png: return filters.ending(.png)
        }
    }

    /// From the first sample on: gaps and a missing end become silence.
    private func audio(_ plan: AudioPlan, _ number: Int) -> String {
        let first = plan.firstSample - (readsConstantAudio ? firstSample : 0)
        var filters = [
            "atrim=start_pts=\(first)", "asetpts=PTS-\(first)",
            "aresample=\(plan.sampleRate):async=1:min_comp=0.000001:first_pts=0",
            "atrim=end_sample=\(plan.sampleCount)",
        ]
        if plan.mixes {
            // Otherwise the resampling would mix as well, before the level is measured.
            filters.append("aformat=channel_layouts=\(plan.sourceLayout.rawValue)")
            filters += level("s", number)
        }
        if let channel = plan.channel {
            filters.append("aformat=channel_layouts=stereo")
            filters.append("pan=mono|c0=\(channel == .left ? "FL" : "FR")")
        }
        filters.append("aformat=channel_layouts=\(plan.layout.rawValue)")
        filters += level("a", number) + ["apad=whole_len=\(plan.sampleCount)"]
        guard plan.isHeardAsMono, plan.layout != .mono, isOurs else {
            return filters.joined(separator: ",") + "[a\(number)]"
        }
        let mono = ["aformat=channel_layouts=mono"] + level("m", number) + ["anullsink"]
        return (filters + ["asplit[a\(number)][m\(number)]"]).joined(separator: ",")
            + ";[m\(number)]" + mono.joined(separator: ",")
    }

    /// Measures the level and the length. What is measured of a clip is told by the prefix: the
    /// clip itself (a), its source before channels are mixed (s), what is heard of it (m).
    private func level(_ prefix: String, _ number: Int) -> [String] {
        guard isOurs else { return [] }
        return [FilterMessages.measuring("\(prefix)\(number)")]
    }

    private func output(_ number: Int, _ plan: CutPlan, _ files: ClipFiles) -> [String] {
        let video = ["-map", "[v\(number)]"]
        let audio = plan.audio == nil ? [] : ["-map", "[a\(number)]"]
        let noMetadata = ["-map_metadata", "-1", "-map_chapters", "-1"]
        guard settings.form == .video else {
            // In such names a percent sign starts the format of the number.
            let pattern = MediaInput.pattern(files.main)
            let codec =
                settings.form == .webp
                ? ["-c:v", "libwebp", "-quality", "95"] : ["-c:v", "png", "-pred", "up"]
            var arguments =
                video + codec + ["-fps_mode", "passthrough", "-f", "image2"]
                + [pattern + "/frame_%04d.\(settings.form.rawValue)"]
            if let path = files.audio, !audio.isEmpty {
                arguments += audio + ["-c:a", "pcm_s16le"] + noMetadata + ["-f", "wav"]
                arguments.append(MediaInput.url(path))
            }
            return arguments
        }
        var arguments =
            video + encoder.arguments(settings) + ["-fps_mode", "passthrough"] + audio
        if let plan = plan.audio {
            arguments +=
                settings.audio == .pcm
                ? ["-c:a", "pcm_s16le"] : ["-c:a", "aac", "-b:a", "\(plan.layout.channels * 96)k"]
        }
        arguments += noMetadata
        arguments +=
            settings.audio == .pcm
            ? ["-f", "matroska"] : ["-movflags", "+faststart", "-f", "mp4"]
        return arguments + [MediaInput.url(files.main)]
    }
}

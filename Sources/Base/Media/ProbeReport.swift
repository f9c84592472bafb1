import Diagnostics
import FoundationEssentials
import SystemPackage

/// What ffprobe writes as JSON. Every field may be missing or of an unexpected form: containers
/// lie, and ffprobe leaves out what it does not know.
package struct ProbeReport: Decodable, Sendable {
    private(set) var streams: [Stream]
    let format: Format?
    /// ffprobe itself.
    let program: Program?
    /// Whether ffprobe has refused frames for their size.
    var exceedsPixels = false
    /// How many packets the video streams have near the start, by the streams' indices; empty
    /// where that was not counted.
    var packetCounts: [Int: Int] = [:]
    /// All packets, where they were asked for.
    private let packets: [Packet]
    /// FFmpeg's names of the decoders that read transparency and are here; asked for only if needed.
    var decoders: Set<String> = []
    /// Where the frames come from images: what is known of those.
    var images: Images?

    /// A folder of images, as it was found.
    struct Images: Sendable {
        let sequence: ImageSequence
        /// Whether ffmpeg swaps the rows and columns of the images.
        let isTurned: Bool
    }

    /// Adds the audio that is in a file of its own.
    mutating func addAudio(of other: ProbeReport) {
        streams += other.streams.filter { $0.kind == "audio" }
    }

    struct Stream: Decodable, Sendable {
        let index: Int?
        let kind: String?
        let codec: String?
        let width: Int?
        let height: Int?
        let averageRate: String?
        let nominalRate: String?
        let timeBase: String?
        let startTime: String?
        let duration: String?
        let frameCount: String?
        let transfer: String?
        let matrix: String?
        let primaries: String?
        let range: String?
        let pixelFormat: String?
        let fieldOrder: String?
        let disposition: Disposition?
        let tags: [String: String]?
        let sideData: [SideData]?
        let pixelAspect: String?
        let sampleRate: String?
        let channels: Int?
        let layout: String?

        enum CodingKeys: String, CodingKey {
            case index, width, height, duration, disposition, tags
            case kind = "codec_type"
            case codec = "codec_name"
            case averageRate = "avg_frame_rate"
            case nominalRate = "r_frame_rate"
            case timeBase = "time_base"
            case startTime = "start_time"
            case frameCount = "nb_frames"
            case transfer = "color_transfer"
            case matrix = "color_space"
            case primaries = "color_primaries"
            case range = "color_range"
            case pixelFormat = "pix_fmt"
            case fieldOrder = "field_order"
            case sideData = "side_data_list"
            case pixelAspect = "sample_aspect_ratio"
            case sampleRate = "sample_rate"
            case channels
            case layout = "channel_layout"
        }
    }

    struct Disposition: Decodable, Sendable {
        let coverArt: Int?
        let isDefault: Int?
        let dub, original, comment, karaoke, lyrics, descriptions, dependent: Int?
        let hearingImpaired, visualImpaired, cleanEffects, stillImage, timedThumbnails: Int?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case isDefault = "default"
            case coverArt = "attached_pic"
            case dub, original, comment, karaoke, lyrics, descriptions, dependent
            case hearingImpaired = "hearing_impaired"
            case visualImpaired = "visual_impaired"
            case cleanEffects = "clean_effects"
            case stillImage = "still_image"
            case timedThumbnails = "timed_thumbnails"
        }
    }

    struct SideData: Decodable, Sendable {
        let rotation: Double?
    }

    struct Program: Decodable, Sendable {
        let version: String
    }

    struct Format: Decodable, Sendable {
        let name: String?
        let duration: String?
        let startTime: String?

        enum CodingKeys: String, CodingKey {
            case duration
            case name = "format_name"
            case startTime = "start_time"
        }
    }

    /// A packet of one of the streams.
    private struct Packet: Decodable {
        let stream: Int
        let pts, dts, duration: Int?
        let flags: String

        enum CodingKeys: String, CodingKey {
            case pts, dts, duration, flags
            case stream = "stream_index"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case streams, format, packets
        case program = "program_version"
    }

    /// The packets of a stream, in the order of the file.
    func packets(of stream: Int) -> [PacketRun.Packet] {
        packets.filter { $0.stream == stream }.map { packet in
            PacketRun.Packet(
                timestamp: packet.pts,
                decoding: packet.dts,
                duration: packet.duration,
                flags: packet.flags
            )
        }
    }

    /// Reads ffprobe's JSON.
    ///
    /// - Throws: `EightCutError` when it cannot be understood.
    package init(json: [UInt8], path: FilePath) throws {
        do {
            self = try JSONDecoder().decode(ProbeReport.self, from: Data(json))
        } catch {
            throw EightCutError(
                .toolFailed,
                "cannot parse the output of ffprobe",
                on: path.string,
                because: "\(error)"
            )
        }
    }

    /// Takes what is there; streams that cannot be understood are left out.
    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: CodingKeys.self)
        streams =
            (try? keyed.decode([Lenient<Stream>].self, forKey: .streams))?
            .compactMap(\.value) ?? []
        format = try? keyed.decode(Format.self, forKey: .format)
        program = try? keyed.decode(Program.self, forKey: .program)
        packets =
            (try? keyed.decodeIfPresent([Lenient<Packet>].self, forKey: .packets))?
            .compactMap(\.value) ?? []
    }

    /// The stream that masks are made for.
    ///
    /// - Throws: `EightCutError` when there is none.
    package func videoStream(
        path: FilePath,
        _ options: VideoOptions = VideoOptions()
    ) throws -> VideoStream {
        let videos = streams.filter { $0.kind == "video" }
        let choice = StreamChoice(.video, self)
        let number = try choice.number(options.stream, of: path) ?? 0
        guard videos.indices.contains(number), options.stream != nil || !hasOnlyCovers else {
            let kinds = Set(streams.compactMap(\.kind)).sorted().joined(separator: ", ")
            throw EightCutError(
                .inputUnusable,
                "cannot use",
                on: path.string,
                because: kinds.isEmpty
                    ? "it has no video stream"
                    : "it has no video stream, only: \(kinds == "video" ? "a cover image" : kinds)",
                remedy: "Give a video file."
            )
        }
        let stream = videos[number]
        guard let index = stream.index, let width = stream.width, let height = stream.height,
            index >= 0, (1...MediaLimits.side).contains(width),
            (1...MediaLimits.side).contains(height),
            width * height <= MediaLimits.pixels
        else {
            if let why = limit(stream) {
                throw EightCutError(.inputUnusable, "cannot use", on: path.string, because: why)
            }
            throw EightCutError(
                .inputUnusable,
                "cannot use",
                on: path.string,
                because: "ffprobe cannot determine its frame size",
                remedy: "Check that the file is complete."
            )
        }
        let isTurned = images?.isTurned == true || Self.isOnItsSide(stream)
        let average = Self.rate(stream.averageRate, Self.fraction(stream.timeBase))
        let rate = average ?? Self.rate(stream.nominalRate, Self.fraction(stream.timeBase))
        let isTelecined = options.deinterlacing == .telecine
        let duration = Self.seconds(stream.duration) ?? Self.clock(stream.tags?["DURATION"])
        let audio = automaticAudio(beside: stream)
        return VideoStream(
            options: options,
            number: number,
            isAutomatic: number == choice.automatic,
            choiceNote: images?.sequence.note ?? choice.note(options.stream, of: path),
            index: index,
            codec: stream.codec ?? "unknown",
            width: isTurned ? height : width,
            height: isTurned ? width : height,
            frameRate: isTelecined ? rate.flatMap(Self.filmRate) : rate,
            declaresRate: average != nil,
            duration: duration ?? Self.seconds(format?.duration),
            streamDuration: isMatroska ? nil : duration,
            timeOffset: ffmpegZero(stream) - origin(stream),
            declaredFrames: isTelecined ? nil : stream.frameCount.flatMap { Int($0) },
            properties: FrameProperties(stream, container: format?.name ?? "", decoders),
            hasAudio: streams.contains { $0.kind == "audio" },
            audioIndex: audio?.index,
            audioOffset: audio?.timeOffset ?? 0
        )
    }

    private var hasOnlyCovers: Bool {
        streams.allSatisfy { $0.kind != "video" || $0.disposition?.coverArt == 1 }
    }

    /// The timestamp, in microseconds, at which the file starts for people: its first one, also
    /// when it is less than 0. Audio that begins below 0 and a little before the video, because its
    /// codec needs a run-up, does not move it.
    func origin(_ video: Stream?) -> Int {
        let start = Self.microseconds(format?.startTime) ?? 0
        guard start < 0 else { return start }
        let videoStart = Self.microseconds(video?.startTime) ?? 0
        if start > -1_000_000, videoStart >= 0 { return 0 }
        return (0..<100_000).contains(videoStart - start) ? videoStart : start
    }

    /// The timestamp, in microseconds, that ffmpeg calls 0 when it reads this stream alone.
    func ffmpegZero(_ stream: Stream) -> Int {
        let start = Self.microseconds(format?.startTime) ?? 0
        let countsByStream = ["mpegts", "mpeg", "ogg"].contains(format?.name)
        return countsByStream ? Self.microseconds(stream.startTime) ?? start : start
    }

    /// FFmpeg itself reports a truncated Matroska file, even between two clusters. The duration
    /// in the file includes how long the last frame is shown.
    private var isMatroska: Bool { format?.name?.hasPrefix(exactly: "matroska") == true }

    /// Why frames of this size are refused; nil where the size is unknown.
    private func limit(_ stream: Stream) -> String? {
        guard let width = stream.width, let height = stream.height, width > 0, height > 0 else {
            return exceedsPixels ? MediaLimits.pixelsText : nil
        }
        let sides = "\(width)x\(height)"
        return "its frames are too large (\(sides)): \(MediaLimits.pixels / 1_000_000) million "
            + "pixels are the most, and \(MediaLimits.side) a side"
    }

    /// Whether ffmpeg will rotate the frames by 90 degrees; within one degree, as it does.
    static func isOnItsSide(_ stream: Stream) -> Bool {
        let angles = (stream.sideData ?? []).compactMap(\.rotation)
        guard let angle = angles.first, angle.isFinite else { return false }
        let quarter = abs(angle).truncatingRemainder(dividingBy: 180)
        return abs(quarter - 90) < 1
    }

    /// The rate of film whose every fifth frame repeats fields: four in five frames are left.
    static func filmRate(_ rate: Rational) -> Rational? {
        let (numerator, overflows) = rate.numerator.multipliedReportingOverflow(by: 4)
        let (denominator, overflows2) = rate.denominator.multipliedReportingOverflow(by: 5)
        return overflows || overflows2 ? nil : Rational(numerator, denominator)
    }
}

/// A value that is nil when it cannot be decoded, so that one odd entry does not spoil a list.
private struct Lenient<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        value = try? Value(from: decoder)
    }
}

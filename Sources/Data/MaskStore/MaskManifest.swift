import Diagnostics
import Files
import Media
import SystemPackage

/// `masks.json`: what was made, from what, how, and whether it is complete. The
/// format is described in docs/reference/manifest.md.
package struct MaskManifest: Sendable, Equatable {
    /// Version of the format that this program writes.
    package static let currentSchema = 3
    /// The file's name inside the folder of masks.
    package static let fileName = "masks.json"

    /// Version of the format that the manifest was read from; it is written in the current one.
    package let schema: Int
    /// The program that wrote it.
    package let program: Program
    /// How the masks were made.
    package let method: Method
    /// Folders beside the masks with one more image for each frame.
    package let auxiliary: [AuxiliaryFolder]
    /// The video they were made for.
    package var input: Input
    /// Whether there is a mask for every frame.
    package var complete: Bool
    /// How many masks there are.
    package var frameCount: Int
    /// How far the masks can be trusted, 0…1: the mean of the frames' confidence. Nil where the
    /// method gives none, and while not all masks exist.
    package var confidence: Double?
    /// An estimate of the masks' IoU with the true ones, 0…1: the mean of the frames' scores. Nil where
    /// they were not judged, and while not all masks exist.
    package var score: Double?
    /// The prompts that the method has found by itself, in pixels, as the text of a prompts file. Nil
    /// where it was given them or takes none, and while not all masks exist.
    package var foundPrompts: String?
    /// What was detected on which frames by the texts that name the objects. Nil where there were none,
    /// and while not all masks exist.
    package var detections: JSONValue?
    /// What is wrong with the video, nil where nothing is.
    package var inputProblem: String?
    /// One record per frame. They speak of the object, unless `describesBackground`.
    package var frames: [FrameRecord]

    /// A program.
    package struct Program: Sendable, Equatable, Codable {
        /// "8cut".
        package let name: String
        package let version: String
    }

    /// A method and its settings.
    package struct Method: Sendable, Equatable, Codable {
        package let name: String
        /// Everything that decides what the masks look like.
        package let settings: [String: SettingValue]

        package init(name: String, settings: [String: SettingValue]) {
            self.name = name
            self.settings = settings
        }
    }

    /// The video.
    package struct Input: Sendable, Equatable, Codable {
        /// File name without folders.
        package let name: String
        /// Identifies the content.
        package let file: FileFingerprint
        /// Columns of the frames, upright.
        package let width: Int
        /// Rows of the frames, upright.
        package let height: Int
        /// Average frames per second as a fraction, "30000/1001".
        package let frameRate: String?
        /// Number of the video stream, counted from 0 among the video streams; nil for the one that
        /// is taken by itself.
        package let videoStream: Int?
        /// What became of interlaced frames; nil for `Deinterlacing.auto`.
        package let deinterlace: Deinterlacing?
        /// Frames per second that were set for a folder of images; nil for those that it says.
        package let imageRate: Rational?
        /// Frames that ffmpeg decodes; nil until that is known.
        package var frameCount: Int?

        /// Describes a video before it is decoded.
        package init(path: FilePath, stream: VideoStream, file: FileFingerprint) {
            name = path.lastComponent?.string ?? path.string
            self.file = file
            width = stream.width
            height = stream.height
            frameRate = stream.frameRate?.description
            videoStream = stream.isAutomatic ? nil : stream.number
            deinterlace =
                stream.options.deinterlacing == .auto ? nil : stream.options.deinterlacing
            imageRate = stream.options.imageRate
        }

        /// How the video was read.
        package var videoOptions: VideoOptions {
            var options = VideoOptions()
            options.stream = videoStream
            options.deinterlacing = deinterlace ?? .auto
            options.imageRate = imageRate
            return options
        }

        /// How the video was read where that is not the default, in words.
        fileprivate var reading: [String] {
            [
                videoStream.map { "video stream \($0)" },
                deinterlace.map { "deinterlace \($0.rawValue)" },
                imageRate.map { "\($0) fps" },
            ].compactMap(\.self)
        }
    }

    /// The manifest of a run that begins.
    package init(method: Method, auxiliary: [AuxiliaryFolder] = [], input: Input) {
        schema = Self.currentSchema
        program = Program(name: "8cut", version: programVersion)
        self.method = method
        self.auxiliary = auxiliary
        self.input = input
        complete = false
        frameCount = 0
        frames = []
    }

    /// Records that the whole video has been decoded and has its masks.
    package mutating func complete(
        after report: DecodeReport,
        confidence: Double? = nil,
        score: Double? = nil,
        foundPrompts: String? = nil,
        detections: JSONValue? = nil
    ) {
        complete = true
        self.confidence = confidence
        self.score = score
        self.foundPrompts = foundPrompts
        self.detections = detections
        frameCount = report.frameCount
        input.frameCount = report.frameCount
        inputProblem = report.problem
    }

    /// How many masks have which flag.
    package var flagCounts: [MaskFlag: Int] {
        frames.flatMap { $0.flags ?? [] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// One line that is the same only for the same video, method and settings.
    package var identity: String {
        let settings = method.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let video = [input.file.headAndTailSHA256, "\(input.file.bytes)"] + input.reading
        return ([method.name] + video + settings).joined(separator: " ")
    }

    private static func words(_ reading: [String]) -> String {
        reading.isEmpty ? "default stream, deinterlacing and rate" : reading.joined(separator: ", ")
    }

    /// Where the run that wrote this manifest and the run that wants to write differ, as text for
    /// people; empty when both give the same masks.
    package func differences(from wanted: MaskManifest) -> [String] {
        var differences: [String] = []
        if method.name != wanted.method.name {
            let asked = wanted.method.name
            differences.append("method: \(shown(method.name)) there, \(asked) asked for")
        } else {
            let keys = Set(method.settings.keys).union(wanted.method.settings.keys)
            for key in keys.sorted() where method.settings[key] != wanted.method.settings[key] {
                let there = shown(method.settings[key]?.description ?? "none")
                let asked = shown(wanted.method.settings[key]?.description ?? "none")
                differences.append("\(shown(key)): \(there) there, \(asked) asked for")
            }
        }
        if !input.file.hasSameContent(as: wanted.input.file) {
            let there = "'\(shown(input.name))', \(input.file.bytes) bytes"
            let asked = "\(quoted(wanted.input.name)), \(wanted.input.file.bytes) bytes"
            differences.append("video: \(there) there, \(asked) asked for")
        }
        if input.reading != wanted.input.reading {
            let (there, asked) = (Self.words(input.reading), Self.words(wanted.input.reading))
            differences.append("video: \(there) there, \(asked) asked for")
        }
        return differences
    }
}

/// The value of one setting of a method.
package typealias SettingValue = JSONScalar

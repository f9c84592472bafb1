import Diagnostics
import Files
import SystemPackage

/// What is known of a scan besides its blocks: `scan.json` in its folder.
package struct ScanNote: Sendable, Equatable, Codable {
    /// The version of the measures and of their files. A scan of another version is not read.
    package static let version = 1
    static let name: FilePath.Component = "scan.json"

    package var v = Self.version
    /// The version of the program that made it, for people.
    package var program = programVersion
    /// Where the video was seen last.
    package var path: String
    /// Which file that was.
    package var file: SeenFile
    /// Other files with the same content, the last one first.
    package var copies: [SeenFile]?
    /// SHA-256 of the whole file, in hex; nil for a folder of images, and until it is known.
    package var sha256: String?
    /// Frames per second.
    package var frameRate: Double
    /// Columns and rows of the frames of the video.
    package var width: Int
    package var height: Int
    /// Seconds that the video lasts, by what the file says; nil where it does not.
    package var duration: Double?
    /// The audio that was measured; nil without any.
    package var audio: Audio?
    /// Whether timestamps jump, as where files were joined, so that ffmpeg joins them.
    package var isJoined: Bool?
    /// What is wrong with the part that was measured, as a clause.
    package var problem: String?
    /// What was found; nil until the video was scanned to its end.
    package var result: Result?

    /// Most of the other files that are remembered.
    package static let mostCopies = 8

    package struct Audio: Sendable, Equatable, Codable {
        /// Number of the stream among the audio streams, counted from 0.
        package let stream: Int
        /// In Hz.
        package let sampleRate: Int
        package let channels: Int
        /// FFmpeg's name of their layout; nil where the file does not have it.
        package let layout: String?

        package init(stream: Int, sampleRate: Int, channels: Int, layout: String?) {
            (self.stream, self.sampleRate) = (stream, sampleRate)
            (self.channels, self.layout) = (channels, layout)
        }
    }

    package struct Result: Sendable, Equatable, Codable {
        package let frames: Int
        package let rows: Int
        package let blocks: Int
        /// Whether all frames have times of their own, each later than the one before.
        package let isTimed: Bool
        /// What is wrong with the video, as a clause; nil when nothing is.
        package let problem: String?

        package init(frames: Int, rows: Int, blocks: Int, isTimed: Bool, problem: String?) {
            (self.frames, self.rows, self.blocks) = (frames, rows, blocks)
            (self.isTimed, self.problem) = (isTimed, problem)
        }
    }

    package init(
        path: FilePath,
        file: SeenFile,
        frameRate: Double,
        width: Int,
        height: Int,
        duration: Double?,
        audio: Audio?
    ) {
        self.path = path.string
        self.file = file
        self.frameRate = frameRate
        (self.width, self.height) = (width, height)
        (self.duration, self.audio) = (duration, audio)
    }
}

extension ScanNote {
    /// Makes sure that the file is still the one that was scanned.
    ///
    /// - Throws: `EightCutError` where it is not, or cannot be seen.
    package func checkUnchanged(_ path: FilePath) throws {
        guard try SeenFile(path) != file else { return }
        throw EightCutError(
            .inputUnusable,
            "cannot scan",
            on: path.string,
            because: "the file was changed while it was read",
            remedy: "Scan it again when it is complete."
        )
    }
}

/// A file as it was at some time: while this stays equal, nothing has been written into it.
package struct SeenFile: Sendable, Equatable, Codable {
    package let device: UInt64
    package let number: UInt64
    package let bytes: Int
    /// When content, name or permissions last changed, in nanoseconds since 1970.
    package let changed: Int

    /// - Throws: `EightCutError` (`inputMissing`) when it cannot be seen.
    package init(_ path: FilePath) throws {
        guard let status = FileStatus(following: path) else {
            throw fileError("cannot read", path, .noSuchFileOrDirectory)
        }
        (device, number) = (status.identity.device, status.identity.number)
        (bytes, changed) = (status.bytes, status.changed)
    }
}

import Diagnostics
import Files
import SystemPackage

/// How an input file is handed to ffmpeg and ffprobe.
///
/// ffmpeg determines the type of a file from its content, so a playlist or a script named
/// `clip.mp4` would make it open other files or the network. Three things prevent that: the name is
/// an absolute `file:` URL (so that `a:b.mp4` is no protocol and `-x.mp4` no option), only the
/// protocol `file` is allowed, and only containers that refer to nothing else. For a `RelayedFile`,
/// the only protocol is `http`, to its own address.
package enum MediaInput {
    /// FFmpeg's names of the containers that are read. Nothing here opens a second file. The README
    /// has the same list in words.
    static let containers = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "mpegts", "mpeg", "flv", "ogg", "asf",
        "mxf", "gif", "apng", "ivf", "nut", "yuv4mpegpipe", "h264", "hevc", "m4v", "mpegvideo",
        "dv",
        "wtv", "rm", "gxf", "obu", "vc1",
    ]

    /// The options before the name of an input.
    package static func guardingArguments(_ path: FilePath) -> [String] {
        // A proxy of the environment has nothing to do with an address on loopback.
        let protocols =
            RelayedFile.url(of: path) == nil
            ? ["-protocol_whitelist", "file"]
            : ["-protocol_whitelist", "http,tcp", "-http_proxy", "", "-seekable", "1"]
        return protocols + [
            "-format_whitelist", containers.joined(separator: ","),
            "-max_streams", "\(MediaLimits.streams)", "-max_pixels", "\(MediaLimits.pixels)",
        ]
    }

    /// The options that name the input: a video file, or an image sequence.
    package static func arguments(_ path: FilePath, _ options: VideoOptions) -> [String] {
        ImageSequence(path, rate: options.imageRate)?.arguments
            ?? guardingArguments(path) + ["-i", url(path)]
    }

    /// The options that name the audio of an input.
    static func audioArguments(_ path: FilePath) -> [String] {
        ImageSequence(path)?.audioArguments ?? guardingArguments(path) + ["-i", url(path)]
    }

    /// The input's name as ffmpeg takes it.
    package static func url(_ path: FilePath) -> String {
        RelayedFile.url(of: path) ?? "file:" + path.absolute.string
    }

    /// The beginning of a name in which ffmpeg puts numbers in the place of `%d`.
    package static func pattern(_ path: FilePath) -> String {
        url(path).replacing(exactly: "%", with: "%%")
    }

    /// What is known of an input before ffprobe has seen it.
    enum Content: Sendable {
        case file
        /// `isTurned` where ffmpeg swaps the rows and columns of the images.
        case images(ImageSequence, isTurned: Bool)
    }

    /// Checks what can be checked without ffmpeg.
    ///
    /// - Throws: `EightCutError` when there is no such file, it cannot be opened, it is empty, or
    ///   it is neither a regular file nor a folder of images.
    static func check(_ path: FilePath, _ options: VideoOptions) throws -> Content {
        let kind: Folder.Kind
        do {
            kind = try Folder.kind(of: path)
            if kind == .file {
                try FileDescriptor.open(path, .readOnly, options: .nonBlocking).close()
            }
        } catch let error as Errno {
            throw missing(path, "\(error)")
        }
        switch kind {
        case .missing: throw missing(path, "there is no such file")
        case .folder: return try checkFolder(path, options)
        case .other:
            throw unusable(
                path,
                "it is a device or a pipe",
                "Save the video to a file first: it is read more than once."
            )
        case .file:
            guard FileStatus(following: path)?.bytes != 0 else {
                throw unusable(path, "it is empty", "Check that it was copied completely.")
            }
            return .file
        }
    }

    private static func checkFolder(_ path: FilePath, _ options: VideoOptions) throws -> Content {
        guard let images = try ImageSequence.find(path, rate: options.imageRate) else {
            throw unusable(
                path,
                "it is a folder without JPEG, PNG, WebP or TIFF images",
                "Give one video file, or a folder with an image for each frame."
            )
        }
        return .images(images, isTurned: try images.check())
    }

    private static func missing(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(.inputMissing, "cannot open the video", on: path.string, because: why)
    }

    private static func unusable(
        _ path: FilePath,
        _ why: String,
        _ remedy: String
    ) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot read the video",
            on: path.string,
            because: why,
            remedy: remedy
        )
    }
}

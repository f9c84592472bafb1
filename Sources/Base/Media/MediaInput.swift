import Diagnostics
import Files
import Glibc
import SystemPackage

/// How an input file is handed to ffmpeg and ffprobe.
///
/// ffmpeg determines the type of a file from its content, so a playlist or a script named
/// `clip.mp4` would make it open other files or the network. Three things prevent that: the name is
/// an absolute `file:` URL (so that `a:b.mp4` is no protocol and `-x.mp4` no option), only the
/// protocol `file` is allowed, and only containers that refer to nothing else.
package enum MediaInput {
    /// FFmpeg's names of the containers that are read. Nothing here opens a second file.
    static let containers = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "mpegts", "mpeg", "flv", "ogg", "asf",
        "mxf", "gif", "ivf", "nut", "yuv4mpegpipe", "h264", "hevc", "m4v", "mpegvideo", "dv",
        "wtv", "rm", "gxf", "obu", "vc1",
    ]

    /// The options before the name of the input.
    package static let guardingArguments = [
        "-protocol_whitelist", "file", "-format_whitelist", containers.joined(separator: ","),
        "-max_streams", "\(MediaLimits.streams)", "-max_pixels", "\(MediaLimits.pixels)",
    ]

    /// The options that name the input: a video file, or an image sequence.
    static func arguments(_ path: FilePath) -> [String] {
        ImageSequence(path)?.arguments ?? guardingArguments + ["-i", url(path)]
    }

    /// The options that name the audio of an input.
    static func audioArguments(_ path: FilePath) -> [String] {
        ImageSequence(path)?.audioArguments ?? arguments(path)
    }

    /// The input's name as ffmpeg takes it.
    package static func url(_ path: FilePath) -> String {
        "file:" + path.absolute.string
    }

    /// The beginning of a name in which ffmpeg puts numbers in the place of `%d`.
    package static func pattern(_ path: FilePath) -> String {
        url(path).replacing(exactly: "%", with: "%%")
    }

    /// Checks what can be checked without ffmpeg.
    ///
    /// - Throws: `EightCutError` when there is no such file, it cannot be opened, it is empty, or
    ///   it is no regular file.
    static func check(_ path: FilePath) throws {
        let kind: Folder.Kind
        do {
            kind = try Folder.kind(of: path)
            if kind == .file {
                try FileDescriptor.open(path, .readOnly, options: .nonBlocking).close()
            }
            if kind == .folder, let images = ImageSequence(path) {
                try images.checkFiles()
                return
            }
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot open the video",
                on: path.string,
                because: "\(error)"
            )
        }
        switch kind {
        case .missing:
            throw EightCutError(
                .inputMissing,
                "cannot open the video",
                on: path.string,
                because: "there is no such file"
            )
        case .folder:
            throw EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: path.string,
                because: "it is a folder",
                remedy: "Give one video file, or a folder with frame_0001.webp or .png in it."
            )
        case .other:
            throw EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: path.string,
                because: "it is a device or a pipe",
                remedy: "Save the video to a file first: it is read more than once."
            )
        case .file:
            var info = stat()
            guard stat(path.string, &info) != 0 || info.st_size > 0 else {
                throw EightCutError(
                    .inputUnusable,
                    "cannot read the video",
                    on: path.string,
                    because: "it is empty",
                    remedy: "Check that it was copied completely."
                )
            }
        }
    }
}

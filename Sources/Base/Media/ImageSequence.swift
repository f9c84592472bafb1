import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// A clip as a folder of images, `frame_0001.webp` and so on, with its audio beside it.
package struct ImageSequence: Sendable, Equatable {
    /// The hidden file in the folder that has the frame rate.
    package static let noteName = ".8cut-frames.json"

    private struct Note: Codable {
        let frameRate: Rational
        let frameCount: Int
    }

    package let path: FilePath
    /// "webp" or "png".
    package let ending: String
    /// Frames per second.
    package let frameRate: Rational

    /// Looks at a folder; nil when it has no first image.
    package init?(_ path: FilePath) {
        let path = path.absolute
        let ending = ["webp", "png"].first {
            Self.isReadable(path.appending("frame_0001." + $0))
        }
        guard let ending else { return nil }
        self.path = path
        self.ending = ending
        let bytes = try? SmallFile.read(path.appending(Self.noteName), limit: 1 << 16)
        let note = bytes.flatMap { try? JSONDecoder().decode(Note.self, from: Data($0)) }
        // Images that somebody has copied without the note get 25 fps.
        frameRate =
            note.flatMap { MediaLimits.allows($0.frameRate) ? $0.frameRate : nil }
            ?? Rational(25)
    }

    /// Whether there is a plain file that can be opened. A pipe can, but then ffmpeg would wait.
    private static func isReadable(_ path: FilePath) -> Bool {
        FileStatus(following: path)?.kind == .file
            && path.withPlatformString { access($0, R_OK) } == 0
    }

    /// Makes sure that ffmpeg waits for none of the files.
    ///
    /// - Throws: `EightCutError` when an image, or the audio, is no plain file.
    func checkFiles() throws {
        let images = try OpenFolder(path).names().filter {
            $0.string.hasPrefix(exactly: "frame_") && $0.extension == ending
        }
        for file in images.map({ path.appending($0) }) + [audioPath] {
            guard let kind = FileStatus(following: file)?.kind, kind != .file else { continue }
            throw EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: file.string,
                because: "it is \(kind.name), not a plain file"
            )
        }
    }

    /// Writes the note.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - frameRate: frames per second.
    ///   - frameCount: how many there are.
    /// - Throws: `EightCutError` when it cannot be written.
    package static func writeNote(
        in path: FilePath,
        frameRate: Rational,
        frameCount: Int
    ) throws {
        let note = Note(frameRate: frameRate, frameCount: frameCount)
        let text = try JSONText.line(note)
        try AtomicFile.write(text + "\n", to: path.appending(noteName))
    }

    /// The audio file beside the folder.
    package var audioPath: FilePath {
        path.removingLastComponent().appending((path.lastComponent?.string ?? "") + ".wav")
    }

    /// The options with which ffmpeg reads the images. In their name a percent sign begins the
    /// place of the number.
    var arguments: [String] {
        [
            "-protocol_whitelist", "file", "-max_pixels", "\(MediaLimits.pixels)",
            "-f", "image2", "-pattern_type", "sequence", "-start_number", "1", "-framerate",
            frameRate.description, "-i",
            MediaInput.pattern(path) + "/frame_%04d." + ending,
        ]
    }

    /// The options with which ffmpeg reads the audio; the images when there is none.
    var audioArguments: [String] {
        guard Self.isReadable(audioPath) else { return arguments }
        return ["-protocol_whitelist", "file", "-f", "wav", "-i", MediaInput.url(audioPath)]
    }
}

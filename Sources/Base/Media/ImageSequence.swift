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
            access(path.appending("frame_0001." + $0).string, R_OK) == 0
        }
        guard let ending else { return nil }
        self.path = path
        self.ending = ending
        let bytes = try? SmallFile.read(path.appending(Self.noteName), limit: 1 << 16)
        let note = bytes.flatMap { try? JSONDecoder().decode(Note.self, from: Data($0)) }
        // Images that somebody has copied without the note get 25 fps.
        frameRate = note?.frameRate ?? Rational(25)
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
        let pattern = MediaInput.url(path).replacing(exactly: "%", with: "%%")
        return [
            "-protocol_whitelist", "file", "-f", "image2", "-pattern_type", "sequence",
            "-start_number", "1", "-framerate", frameRate.description, "-i",
            pattern + "/frame_%04d." + ending,
        ]
    }

    /// The options with which ffmpeg reads the audio; the images when there is none.
    var audioArguments: [String] {
        guard access(audioPath.string, R_OK) == 0 else { return arguments }
        return ["-protocol_whitelist", "file", "-f", "wav", "-i", MediaInput.url(audioPath)]
    }
}

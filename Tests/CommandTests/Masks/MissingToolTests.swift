import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// ffmpeg and ffprobe that are not there, do not work, or are killed.
@Suite struct MissingToolTests {
    @Test(arguments: ["ffmpeg", "ffprobe"])
    func aMissingProgramIsNamed(_ missing: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let programs = try await ProgramFolder(
            folder["bin"],
            real: ["ffmpeg", "ffprobe"].filter { $0 != missing }
        )

        let result = try await masks(clip, programs)

        #expect(result.status == 69)
        #expect(result.errors.contains("'\(clip)': the program \(missing) is not installed"))
        #expect(result.errors.contains("Install FFmpeg"))
    }

    @Test(arguments: [
        ("ffmpeg", "echo 'error while loading shared libraries' >&2; exit 127"),
        ("ffmpeg", "printf 'gar\\200bage' >&2; exit 1"),
        ("ffmpeg", "exit 1"),
        ("ffprobe", "exit 1"),
        ("ffprobe", "echo 'this is no JSON'"),
        ("ffprobe", "echo 'error while loading shared libraries' >&2; exit 127"),
    ])
    func aProgramThatDoesNotWorkIsBlamed(_ name: String, _ script: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let programs = try await ProgramFolder(
            folder["bin"],
            real: [name == "ffmpeg" ? "ffprobe" : "ffmpeg"]
        )
        try await programs.add(name, script: script)

        let result = try await masks(clip, programs)

        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("'\(clip)'") && result.errors.contains(name))
        if script.contains("shared libraries") {
            #expect(result.errors.contains("error while loading shared libraries"))
        }
    }

    /// A killed ffmpeg ends the frames as the end of the video does. Masks that need the
    /// frames after them must not be made from what came before.
    @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
    func aKilledFFmpegIsNotTheEndOfTheVideo(_ signal: Int32) async throws {
        let folder = try TemporaryFolder()
        // Longer than what is analysed at once, so that neither ffmpeg is done with the first masks.
        let clip = try await Clip.make(folder["clip.mp4"], size: (160, 90), seconds: 20)
        let programs = try await ProgramFolder(folder["bin"], real: ["ffprobe"])
        try await programs.add("ffmpeg", script: "exec \"$REAL\" -readrate 5 \"$@\"")
        let output = folder["clip_masks"]

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: ["PATH": programs.path]
        ) { process in
            try await waitForFile(output.appending("frame_0004.png"))
            let child = try await Child.find("ffmpeg", of: process)
            kill(child, signal)
        }

        #expect(result.status == 71)
        #expect(result.errors.contains("'\(clip)'") && result.errors.contains("ffmpeg was"))
        #expect(result.errors.contains("Run the same command again"))
        let kept = try MaskSet(output)
        #expect(kept.names.count >= 5 && kept.names.count < 480)
        #expect(!kept.manifest.complete && kept.manifest.inputProblem == nil)
        let again = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(again.status == 0)
        _ = try await Program.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", folder["expected"].string,
        ])
        #expect(try MaskSet.content(of: output) == MaskSet.content(of: folder["expected"]))
    }

    /// The masks and the analysis that they need each decode the video.
    @Test func twoDecodingsThatDifferAreAnError() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let programs = try await ProgramFolder(folder["bin"], real: ["ffprobe"])
        // The one that comes second gives ten of the frames.
        let script = """
            case "$*" in *rawvideo*)
            (set -C; : > "$0.first") 2>/dev/null || exec "$REAL" -t 0.4 "$@" ;;
            esac
            exec "$REAL" "$@"
            """
        try await programs.add("ffmpeg", script: script)

        let result = try await masks(clip, programs)

        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("'\(clip)': ffmpeg has decoded it twice and differently"))
        #expect(try !MaskSet(folder["clip_masks"]).manifest.complete)
        let again = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet(folder["clip_masks"]).names.count == 24)
    }

    private func masks(_ clip: FilePath, _ programs: ProgramFolder) async throws -> ProgramResult {
        try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: ["PATH": programs.path]
        )
    }
}

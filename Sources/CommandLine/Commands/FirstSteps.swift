import Diagnostics
import Media
import Processes

/// What `8cut` alone prints: what to do first.
enum FirstSteps {
    /// About as many lines as can be read at a glance; first what stands in the way.
    static var text: String {
        (obstacle.map { $0 + "\n\n" } ?? "") + """
            8cut \(programVersion) cuts clips from videos, and makes a mask of the sounding object for
            every frame.

              8cut export --input video.mp4 --start 1:02:03 --to clips --name dog
              8cut masks saliency --input clips/dog_001.mp4
              8cut preview --input clips/dog_001.mp4 --output overlay.mp4

            8cut doctor checks what is installed; 8cut --help lists all commands.
            """
    }

    /// What is missing without which nothing works.
    private static var obstacle: String? {
        do {
            guard try FFmpegProgram.namedFolder() == nil else { return nil }
            let isThere =
                ProgramSearch.find("ffmpeg") != nil && ProgramSearch.find("ffprobe") != nil
            guard !isThere else { return nil }
            return "FFmpeg is not installed, and nothing works without it.\n"
                + PackageManager.current.advice(on: .ffmpeg).english
        } catch {
            return "\(error)"
        }
    }
}

import Files
import Progress
import TestSupport
import Testing

/// Figures are a result: they are on standard output whatever is said about progress, and nothing
/// else is.
@Suite struct ResultTests {
    @Test func figuresAreAlwaysPrinted() async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (64, 48), seconds: 0.2)
        _ = try await Program.run8cut(["masks", "saliency", "-i", "clip.mp4"], in: folder.path)
        let measure = ["measure", "-i", "clip.mp4", "--masks", "clip_masks"]

        var figures: [[String]] = []
        for options in [
            [], ["-q"], ["--progress", "none"], ["--progress", "plain"], ["--progress", "bar"],
            ["--progress", "bar", "-q"],
        ] {
            let result = try await Program.run8cut(measure + options, in: folder.path)
            #expect(result.status == 0, "\(result.errors)")
            figures.append(result.lines)
            let isSilent = options.contains("-q") || options.contains("none")
            #expect(isSilent == result.errors.isEmpty, "\(options): \(result.errors)")
        }
        #expect(figures[0].map { $0.prefix { !$0.isNumber } } == ["flicker ", "successive IoU "])
        #expect(figures.allSatisfy { $0 == figures[0] }, "\(figures)")

        let json = try await Program.run8cut(measure + ["--progress", "json"], in: folder.path)
        let lines = try json.lines.compactMap { line in
            if case .output(let output) = try ProgressEvent(jsonLine: line) {
                output.line
            } else {
                nil
            }
        }
        #expect(lines == figures[0])
    }

    @Test func oneMaskIsOneMask() async throws {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", Clip.source(size: (64, 48)), "-frames:v", "1",
            folder["clip.png"].string,
        ])
        try await Program.ffmpeg([
            "-i", folder["clip.png"].string, "-c:v", "ffv1", folder["clip.mkv"].string,
        ])
        let made = try await Program.run8cut(
            ["masks", "saliency", "-i", "clip.mkv"],
            in: folder.path
        )
        #expect(made.lines.last?.hasPrefix("1 mask in ") == true, "\(made.output)")
        let measured = try await Program.run8cut(
            ["measure", "-i", "clip.mkv", "--masks", "clip_masks"],
            in: folder.path
        )
        #expect(measured.errors.contains("1 mask measured"), "\(measured.errors)")
    }
}

import Files
import FoundationEssentials
import Imaging
import Prompts
import SystemPackage
import TestSupport
import Testing

/// `8cut detect`: what it finds, prints and writes.
@Suite struct DetectTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A disc of a quarter of the width that goes from left to right.
    private func clip() async throws -> FilePath { try await Clip.make(folder["clip.mp4"]) }

    /// Two discs in different colours that go in opposite directions, the lower one smaller.
    private func clipOfTwo() async throws -> FilePath {
        let upper = "lt(hypot(X-(60+5*N),Y-60),32)"
        let lower = "lt(hypot(X-(270-4*N),Y-140),22)"
        // Their texture goes with them.
        let lum =
            "if(\(upper),190+30*sin((X-5*N)/3)*sin(Y/4),"
            + "if(\(lower),170+30*sin((X+4*N)/4)*sin(Y/3),60+20*sin(X/7)*cos(Y/5)))"
        try await Program.ffmpeg([
            "-f", "lavfi", "-i",
            "color=black:size=320x180:rate=24:duration=1,format=yuv444p,geq=lum='\(lum)'"
                + ":cb='if(\(upper),90,if(\(lower),190,140))'"
                + ":cr='if(\(upper),200,if(\(lower),80,110))'",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            folder["two.mp4"].string,
        ])
        return folder["two.mp4"]
    }

    private func flatClip() async throws -> FilePath {
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", "color=gray:s=160x90:r=12:d=1", folder["flat.mkv"].string]
        )
        return folder["flat.mkv"]
    }

    /// How far a point is inside the disc of `clip`: 1 in its centre, 0 on its outline.
    private func depth(_ candidate: DetectRun.Candidate) -> Double {
        let centre = (320 * (0.2 + 0.6 * Double(candidate.frame) / 24), 90.0)
        let (dx, dy) = (candidate.point[0] - centre.0, candidate.point[1] - centre.1)
        return 1 - (dx * dx + dy * dy).squareRoot() / 40
    }

    @Test func thePointIsDeepInsideTheMovingObjectAndTheBoxAroundIt() async throws {
        let clip = try await clip()
        let best = try #require(try await DetectRun.candidates(clip).first)
        #expect((0..<24).contains(best.frame) && best.point.count == 2 && best.box.count == 4)
        #expect(depth(best) > 0.5, "\(best)")
        #expect((0...1).contains(best.score) && best.score > 0.5)
        let left = 320 * (0.2 + 0.6 * Double(best.frame) / 24) - 40
        let expected = [left, 50, left + 80, 130]
        for (side, place) in zip(best.box, expected) {
            #expect(abs(side - place) <= 12, "\(best.box), not \(expected)")
        }
        // The same table for people.
        let table = try await DetectRun.run(clip)
        #expect(table.status == 0 && table.errors.contains("frame 24/24"))
        #expect(table.lines.first?.split(separator: " ").first == "frame")
        #expect(table.lines[1].hasPrefix("\(best.frame) "))
        #expect(table.lines[1].contains("\(Int(best.point[0])),\(Int(best.point[1])) "))
    }

    @Test func aFileOfPromptsHoldsTheBestAndIsTakenBySam() async throws {
        let clip = try await clip()
        let output = folder["prompts.json"]
        let best = try #require(
            try await DetectRun.candidates(clip, ["--output", output.string]).first
        )
        let prompts = try PromptList(file: output).entries.map(\.prompt)
        let point = Coordinate(x: .pixels(best.point[0]), y: .pixels(best.point[1]))
        let corners = (
            Coordinate(x: .pixels(best.box[0]), y: .pixels(best.box[1])),
            Coordinate(x: .pixels(best.box[2]), y: .pixels(best.box[3]))
        )
        #expect(
            prompts == [
                Prompt(frame: best.frame, .point(point, isPositive: true)),
                Prompt(frame: best.frame, .box(corners.0, corners.1)),
            ]
        )
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--prompts", output.string]
        )
        #expect(masks.manifest.complete && masks.names.count == 24)
    }

    @Test func moreObjectsAreThoseThatAreAskedFor() async throws {
        let clip = try await clipOfTwo()
        let output = folder["prompts.json"]
        let found = try await DetectRun.candidates(clip, ["-o", output.string, "--count", "2"])
        try #require(found.count >= 2)
        #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
        let prompts = try PromptList(file: output).entries.map(\.prompt)
        #expect(prompts.map(\.object) == [1, 1, 2, 2])
        #expect(prompts.map(\.frame) == found.prefix(2).flatMap { [$0.frame, $0.frame] })
        // One in each disc.
        let rows = found.prefix(2).map { $0.point[1] }.sorted()
        #expect(rows[0] < 95 && rows[1] > 115, "\(found)")
    }

    @Test func whereNothingStandsOutTheStatusIs7() async throws {
        let clip = try await flatClip()
        let output = folder["prompts.json"]
        let result = try await DetectRun.run(
            clip,
            ["--json", "-o", output.string, "--preview", folder["s.png"].string]
        )
        #expect(result.status == 7 && result.output.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("nothing moves by itself or stands out"))
        #expect(try Folder.kind(of: output) == .missing)
        #expect(try Folder.kind(of: folder["s.png"]) == .missing)
        let events = try await DetectRun.run(clip, ["--progress", "json"])
        #expect(events.lines.last?.contains("\"code\":\"nothingFound\"") == true)
    }

    @Test func aPreviewShowsTheObjects() async throws {
        let clip = try await clip()
        let sheet = folder["sheet.png"]
        let result = try await DetectRun.run(clip, ["--preview", sheet.string, "--quiet"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let raw = folder["sheet.rgb"]
        try await Program.ffmpeg(
            ["-i", sheet.string, "-f", "rawvideo", "-pix_fmt", "rgb24", raw.string]
        )
        let samples = try MaskSet.bytes(of: raw)
        #expect(samples.count > 320 * 180 * 3)
        // The box is in the colour of masks.
        let pixels = stride(from: 0, to: samples.count, by: 3).count { index in
            Array(samples[index..<index + 3]) == [255, 0, 140]
        }
        #expect(pixels > 300)
        // Its own preview is replaced, and nothing else.
        #expect(try await DetectRun.run(clip, ["--preview", sheet.string]).status == 0)
        try AtomicFile.write("mine", to: sheet)
        let refused = try await DetectRun.run(clip, ["--preview", sheet.string])
        #expect(refused.status == 73 && refused.errors.contains("--overwrite"))
        #expect(try MaskSet.bytes(of: sheet) == Array("mine".utf8))
    }

    @Test func aFileThatIsThereIsReplacedOnlyIfThatIsAllowed() async throws {
        let clip = try await clip()
        let output = folder["prompts.json"]
        try AtomicFile.write("mine", to: output)
        let refused = try await DetectRun.run(clip, ["--output", output.string])
        #expect(refused.status == 73 && refused.output.isEmpty)
        #expect(refused.errors.contains("--overwrite"), "\(refused.errors)")
        #expect(try MaskSet.bytes(of: output) == Array("mine".utf8))
        let allowed = try await DetectRun.run(clip, ["--output", output.string, "--overwrite"])
        #expect(allowed.status == 0)
        #expect(try PromptList(file: output).entries.count == 2)
        let video = try MaskSet.bytes(of: clip)
        let itself = try await DetectRun.run(clip, ["--output", clip.string, "--overwrite"])
        #expect(itself.status == 73 && itself.errors.contains("it is the video itself"))
        #expect(try MaskSet.bytes(of: clip) == video)
    }

    @Test(arguments: [
        ["--count", "0"], ["--count", "256"], ["--preview", "sheet.mp4"], ["--output", ""],
    ])
    func optionsThatCannotBeAreRefused(options: [String]) async throws {
        let result = try await DetectRun.run(folder["clip.mp4"], options)
        #expect(result.status == 64, "\(result.errors)")
    }
}

import Files
import Glibc
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Without a prompt SAM 2 tracks the object that is found by itself.
@Suite struct SamAutomaticTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func clip(_ name: String = "clip.mp4") async throws -> FilePath {
        try await Clip.make(folder[name], size: (320, 180), rate: 24)
    }

    private func flatClip() async throws -> FilePath {
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", "color=gray:s=128x72:r=8:d=1", folder["flat.mkv"].string]
        )
        return folder["flat.mkv"]
    }

    @Test func theObjectIsTheOneThatDetectFinds() async throws {
        let clip = try await clip()
        let masks = try await SamRun.masks(clip, to: folder["a"])
        let settings = masks.manifest.method.settings
        #expect(settings["prompts"] == .text("automatic"))
        guard case .number? = settings["promptsRevision"] else {
            Issue.record("no revision: \(settings)")
            return
        }
        let found = try await DetectRun.candidates(clip)
        let best = try #require(found.first)
        // The one that is found is no setting, but a person sees it.
        let place = best.point.map { "\(Int($0))" }.joined(separator: ",")
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["b"]),
            environment: TestTools.environment
        )
        #expect(result.errors.contains("point \(place) "), "\(result.errors)")
        #expect(result.errors.contains("on frame \(best.frame) "), "\(result.errors)")
        let center = try await SamRun.masks(clip, to: folder["c"], ["--point", "center"])
        let scores = try masks.names.indices.map { try SamRun.scores(masks, $0) }
        #expect(try center.names.indices.map { try SamRun.scores(center, $0) } != scores)
        #expect(center.manifest.foundPrompts == nil)
        #expect(try MaskSet.content(of: folder["a"]) == MaskSet.content(of: folder["b"]))
    }

    /// The manifest has the prompts that were found, as the text of a prompts file.
    @Test func whatWasFoundGivesTheSameMasksByHand() async throws {
        let clip = try await clip()
        let masks = try await SamRun.masks(clip, to: folder["a"])
        let found = try #require(masks.manifest.foundPrompts)
        try AtomicFile.write(found, to: folder["prompts.json"])
        let options = ["--prompts", folder["prompts.json"].string]
        let byHand = try await SamRun.masks(clip, to: folder["b"], options)
        for frame in masks.names.indices {
            #expect(try SamRun.scores(masks, frame) == SamRun.scores(byHand, frame))
            #expect(try masks[frame] == byHand[frame])
        }
        #expect(byHand.manifest.method.settings["prompts"] == .text(found))
        #expect(byHand.manifest.foundPrompts == nil)
    }

    @Test func masksThatAreThereAreNotMadeAgain() async throws {
        let clip = try await clip()
        try await SamRun.masks(clip, to: folder["a"])
        let content = try MaskSet.content(of: folder["a"])
        let again = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["a"]),
            environment: TestTools.environment
        )
        #expect(again.status == 0 && again.output.contains("were there already"))
        #expect(try MaskSet.content(of: folder["a"]) == content)
        // The point that was found, given by hand, is another setting, and so is the middle.
        let other = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["a"], ["--point", "center"]),
            environment: TestTools.environment
        )
        #expect(other.status == 4, "\(other.errors)")
    }

    @Test func anInterruptedRunEndsWithTheSameBytes() async throws {
        let clip = try await clip()
        try await SamRun.masks(clip, to: folder["whole"])
        let arguments = SamRun.arguments(clip, to: folder["a"])
        let stopped = try await Program.run8cut(arguments, environment: TestTools.environment) {
            process in
            try await waitForMasks(3, in: folder["a"])
            kill(process, SIGKILL)
        }
        #expect(stopped.status == 128 + SIGKILL)
        try await SamRun.masks(clip, to: folder["a"])
        #expect(try MaskSet.content(of: folder["a"]) == MaskSet.content(of: folder["whole"]))
    }

    @Test func whereNothingStandsOutItIsTheMiddleAndAWarningSaysSo() async throws {
        let clip = try await flatClip()
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["a"]),
            environment: TestTools.environment
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("the object at the centre of the first frame is tracked"))
        let center = try await SamRun.masks(clip, to: folder["b"], ["--point", "center"])
        let masks = try MaskSet(folder["a"])
        let middle = center.manifest.method.settings["prompts"]?.description
        #expect(middle != nil && masks.manifest.foundPrompts == middle)
        for frame in masks.names.indices {
            #expect(try masks[frame] == center[frame])
        }
    }

    @Test func progressCoversTheSearchAndDoesNotGoBack() async throws {
        let clip = try await clip()
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["a"]),
            environment: TestTools.environment
        )
        let counts = result.lines.compactMap { line in
            line.wholeMatch(of: /frame (\d+)\/24/).flatMap { Int($0.1) }
        }
        #expect(counts == counts.sorted() && counts.last == 24, "\(counts)")
    }
}

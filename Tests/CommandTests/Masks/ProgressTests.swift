import Progress
import SystemPackage
import TestSupport
import Testing

/// What a run reports while it works.
@Suite struct ProgressTests {
    @Test func jsonIsAllThatLandsOnStandardOutput() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])

        let result = try await Program.run8cut(
            [
                "masks", "saliency", "-i", clip.string, "--progress", "json", "--verbose",
                "--preview", folder["sheet.png"].string,
            ])

        let events = try result.lines.map { try ProgressEvent(jsonLine: $0) }
        guard case .started(let start) = events.first else {
            Issue.record("the first event is \(String(describing: events.first))")
            return
        }
        #expect(start.job == "masks saliency")
        #expect(start.input == clip.string)
        #expect(start.output == folder["clip_masks"].string)
        guard case .finished(let end) = events.last else {
            Issue.record("the last event is \(String(describing: events.last))")
            return
        }
        #expect(end.frames == 24 && end.exitStatus == 0)
        let artifacts = events.compactMap { event -> String? in
            if case .artifact(let artifact) = event { artifact.kind } else { nil }
        }
        #expect(artifacts == ["masks", "preview"])
        let done = events.compactMap { event -> Int? in
            if case .progress(let progress) = event { progress.done } else { nil }
        }
        #expect(Array(done.prefix(24)) == Array(1...24))
        // The analysis tells of its work before the first frame is finished.
        let first = try #require(events.dropFirst().first)
        guard case .work(let ahead) = first else {
            Issue.record("the first event after the start is \(first)")
            return
        }
        #expect(ahead.done == 0 && ahead.total == 24)
        let works = events.compactMap { event -> Double? in
            switch event {
            case .work(let progress): progress.worked
            case .progress(let progress) where progress.worked != nil: progress.worked
            default: nil
            }
        }
        #expect(works == works.sorted(), "work is undone")
        #expect(try #require(works.first) > 0 && (works.last ?? 25) <= 24)
    }

    @Test func aFailureIsAnEventToo() async throws {
        let folder = try TemporaryFolder()

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", folder["none.mp4"].string, "--progress", "json"])

        #expect(result.status == 66)
        let last = try ProgressEvent(jsonLine: try #require(result.lines.last))
        guard case .failed(let error) = last else {
            Issue.record("the last event is \(last)")
            return
        }
        #expect(error.code == .inputMissing)
        #expect(error.subject == folder["none.mp4"].string)
        #expect(result.errors.contains("there is no such file"))
    }

    @Test func plainIsALinePerFrame() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        let frames = result.lines.filter { $0.hasPrefix("frame ") }
        #expect(frames == (1...24).map { "frame \($0)/24" })
        #expect(result.lines.contains("masks: \(folder["clip_masks"])"))
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [["--progress", "none"], ["--quiet"]])
    func nothingIsSaidWhenNothingIsWanted(flags: [String]) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string] + flags)

        #expect(result.status == 0)
        #expect(result.output.isEmpty && result.errors.isEmpty)
    }

    @Test func aBarIsDrawnOnATerminal() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])

        // script gives the program a terminal.
        let result = try await Program.run(
            "script",
            [
                "-qec",
                "'\(Program.eightCut)' masks saliency -i '\(clip)' 2>&1", "/dev/null",
            ]
        )

        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("24/24") || result.output.contains("24/~24"))
        #expect(result.output.contains("█"))
        #expect(result.output.contains("left"))
        #expect(!result.output.contains("frame 1/"))
    }

    @Test func wrongOptionsAreRefusedWithTheUsage() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mp4"].string
        let wrong = [
            ["masks", "saliency"], ["masks", "saliency", "-i", clip, "--smooth", "0.5"],
            ["masks", "saliency", "-i", clip, "--threshold", "256"],
            ["masks", "saliency", "-i", clip, "--threshold", "otsu"],
            ["masks", "saliency", "-i", clip, "--preview", "sheet.txt"],
            ["masks", "saliency", "-i", clip, "--quiet", "--verbose"],
            ["masks", "saliency", "-i", ""], ["nothing"],
        ]
        for arguments in wrong {
            let result = try await Program.run8cut(arguments)
            #expect(result.status == 64, "\(arguments)")
            #expect(result.errors.contains("Error:") && result.output.isEmpty, "\(arguments)")
        }
    }
}

import Files
import Glibc
import Imaging
import MaskStore
import Progress
import SystemPackage
import TestSupport
import Testing

/// Folders that have not one mask for each frame: what can be done is done, the frames are named,
/// and the exit status says it.
@Suite struct MaskSetTests {
    /// A clip of 24 frames and its masks.
    private static func clip(in folder: TemporaryFolder) async throws {
        try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", "clip.mp4"],
            in: folder.path
        )
        #expect(result.status == 0, "\(result.errors)")
    }

    private struct Case {
        let script: String
        /// What is said, all of it.
        let words: [String]
        let pairs: Int
    }

    private static let cases: [Case] = [
        Case(script: "rm frame_0004.png", words: ["frame 4 has no mask"], pairs: 23),
        Case(
            script: "rm frame_0004.png frame_001[0-2].png frame_0023.png",
            words: ["frames 4, 10–12, 23 have no masks"],
            pairs: 19
        ),
        Case(
            script: "rm frame_000?.png masks.json",
            words: ["frames 0–9 have no masks"],
            pairs: 14
        ),
        Case(
            script: "mv frame_0001.png keep; rm frame_*; mv keep frame_0001.png",
            words: ["frames 0, 2–23 have no masks"],
            pairs: 1
        ),
        Case(
            script: "cp frame_0000.png frame_0024.png",
            words: ["frame_0024.png is too many", "24 frames"],
            pairs: 24
        ),
        Case(
            script: "cp frame_0000.png frame_4.png; cp frame_0000.png frame_0005.jpg; "
                + "mv frame_0006.png frame_00006.png",
            words: [
                "'frame_4.png' repeats frame_0004.png", "'frame_0005.jpg' repeats frame_0005.png",
                "frame 6 has no mask", "'frame_00006.png' is not named",
            ],
            pairs: 23
        ),
        Case(
            script: "head -c 60 frame_0007.png > cut; mv cut frame_0007.png; "
                + "ffmpeg -v error -y -f lavfi -i color=white:size=32x32 -frames:v 1 "
                + "-pix_fmt gray frame_0009.png",
            words: ["frame_0007.png: ", "frame_0009.png: it has 32x32 pixels, the video 64x48"],
            pairs: 22
        ),
    ]

    @Test func whatLacksIsNamedAndTheRestIsMeasured() async throws {
        let folder = try TemporaryFolder()
        try await Self.clip(in: folder)
        for test in Self.cases {
            let copy = try await Program.run(
                "sh",
                ["-c", "rm -rf odd; cp -r clip_masks odd; cd odd; " + test.script],
                in: folder.path
            )
            #expect(copy.status == 0, "\(copy.errors)")
            let measure = ["measure", "-q", "-i", "clip.mp4", "--masks", "clip_masks"]
            let result = try await Program.run8cut(measure + ["--other", "odd"], in: folder.path)
            #expect(result.status == 65, "\(test.script): \(result.errors)")
            for word in test.words + ["/odd'"] {
                #expect(result.errors.contains(word), "\(test.script): \(result.errors)")
            }
            #expect(
                result.lines.suffix(2) == ["IoU mean 1.0 least 1.0", "pairs \(test.pairs)"],
                "\(test.script): \(result.output)"
            )
        }
    }

    @Test func aPreviewIsMadeAndSaysWhatLacks() async throws {
        let folder = try TemporaryFolder()
        try await Self.clip(in: folder)
        unlink(folder["clip_masks/frame_0002.png"].string)
        for name in ["sheet.png", "overlay.mp4"] {
            let result = try await Program.run8cut(
                ["preview", "-i", "clip.mp4", "-o", folder[name].string, "--progress", "json"],
                in: folder.path
            )
            #expect(result.status == 65, "\(result.errors)")
            #expect(result.errors.contains("frame 2 has no mask"), "\(result.errors)")
            let events = try result.lines.map { try ProgressEvent(jsonLine: $0) }
            #expect(
                events.suffix(2).first
                    == .artifact(.init(kind: "preview", path: folder[name].string))
            )
            guard case .failed(let error) = events.last else {
                Issue.record("\(result.output)")
                continue
            }
            #expect(error.code == .inputUnusable)
        }
        #expect(try await Clip.frameCount(folder["overlay.mp4"]) == 24)
    }

    @Test func foldersWithoutMasksAreRefused() async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (64, 48), seconds: 0.2)
        try Folder.create(folder["empty"])
        try Folder.create(folder["named"])
        try PNG.write(
            GrayImage(width: 64, height: 48, pixels: Array(repeating: 0, count: 64 * 48)),
            to: folder["named/frame_1.png"]
        )
        for (name, status, word) in [
            ("none", 66 as Int32, "no such folder"), ("empty", 65, "no frame has a mask"),
            ("named", 65, "'frame_1.png' is not named as a mask is, frame_0001.png"),
        ] {
            for command in [["measure", "--masks", name], ["preview", "-o", "p.png", "-m", name]] {
                let result = try await Program.run8cut(
                    command + ["-i", "clip.mp4"],
                    in: folder.path
                )
                #expect(result.status == status, "\(result.errors)")
                #expect(result.errors.contains(word), "\(result.errors)")
            }
        }
    }

    @Test func aRunMakesWhatLacksAndTellsOfTheRest() async throws {
        let folder = try TemporaryFolder()
        try await Self.clip(in: folder)
        let run = ["masks", "saliency", "-i", "clip.mp4", "--progress", "none"]
        let before = try MaskSet.content(of: folder["clip_masks"])
        unlink(folder["clip_masks/frame_0020.png"].string)
        let repaired = try await Program.run8cut(run, in: folder.path)
        #expect(repaired.status == 0 && repaired.errors.contains("frame 20"), "\(repaired.errors)")
        #expect(try MaskSet.content(of: folder["clip_masks"]) == before)

        for name in ["frame_0024.png", "frame_4.png"] {
            try AtomicFile.write("mine", to: folder["clip_masks/" + name])
            let result = try await Program.run8cut(run + ["-q"], in: folder.path)
            #expect(result.status == 65 && result.errors.contains(name), "\(result.errors)")
            unlink(folder["clip_masks/" + name].string)
        }
        #expect(try MaskSet.content(of: folder["clip_masks"]) == before)
    }
}

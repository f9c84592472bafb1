import Imaging
import MaskStore
import Methods
import SystemPackage
import TestSupport
import Testing

/// What SAM 2's masks are made of.
@Suite struct SamMaskTests {
    private static let twoObjects = [
        "--point", "0.3w,0.5h", "--point", "0.7w,0.4h@5#2", "--box", "10,20,90,70@9#7",
    ]

    @Test func theMiddleOfTheFirstFrameIsAPixel() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 8)
        let masks = try await SamRun.masks(clip, to: folder["a"], ["--point", "center"])
        let same = try await SamRun.masks(clip, to: folder["b"], ["--point", "64,36"])

        #expect(masks.names.count == 8 && masks.manifest.complete)
        #expect(try MaskSet.content(of: folder["a"]) == MaskSet.content(of: folder["b"]))
        #expect(masks.manifest.method == same.manifest.method)
        for index in masks.names.indices {
            let mask = try masks[index]
            #expect(mask.width == 128 && mask.height == 72)
            #expect(Set(mask.pixels).isSubset(of: [0, 255]))
            #expect(masks.manifest.frames[index].describes(mask))
        }
    }

    @Test func theManifestRecordsHowTheMasksWereMadeWithTheModelsScores() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 8)
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--point", "20,30,-", "--point", "64,36", "--fill-holes", "3", "--invert"]
        )
        let method = masks.manifest.method
        #expect(method.name == "sam")
        #expect(method.settings["objects"] == .text("union"))
        #expect(method.settings["fillHoles"] == .number(3))
        #expect(method.settings["dropSpecks"] == .number(0))
        #expect(method.settings["invert"] == .flag(true))
        #expect(method.settings["engine"] == .text("native"))
        #expect(method.settings["model"] == .text("tiny"))
        #expect(method.settings["device"] == .text("cpu"))
        #expect(method.settings["precision"] == .text("fp32"))
        guard case .text(let prompts)? = method.settings["prompts"] else {
            Issue.record("no prompts: \(method.settings)")
            return
        }
        #expect(prompts.contains("[20,30]") && prompts.contains("[64,36]"), "\(prompts)")
        #expect(masks.manifest.auxiliary.isEmpty)
        for frame in masks.names.indices {
            let scores = try SamRun.scores(masks, frame)
            #expect(
                scores.keys.sorted()
                    == ["object_1.clarity", "object_1.iou", "object_1.objectScore"]
            )
        }
        let alone = try await SamRun.masks(
            clip,
            to: folder["plain"],
            ["--point", "64,36", "--point", "20,30,-", "--fill-holes", "3"]
        )
        for frame in masks.names.indices {
            #expect(try masks[frame].pixels == alone[frame].pixels.map { ~$0 })
            #expect(try SamRun.scores(masks, frame) == SamRun.scores(alone, frame))
        }
    }

    @Test func separateMasksAndLabelsAgreeWithTheMaskOfAll() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 12)
        let union = try await SamRun.masks(clip, to: folder["u"], Self.twoObjects)
        let separate = try await SamRun.masks(
            clip,
            to: folder["s"],
            Self.twoObjects + ["--objects", "separate"]
        )
        let labelled = try await SamRun.masks(
            clip,
            to: folder["l"],
            Self.twoObjects + ["--objects", "labels"]
        )
        let folders = ["object_1", "object_2", "object_7"].map { AuxiliaryFolder($0, .mask) }
        #expect(separate.manifest.auxiliary == folders)
        #expect(labelled.manifest.auxiliary == [AuxiliaryFolder("labels", .labels)])
        var overlaps = 0
        for frame in union.names.indices {
            let all = try union[frame].pixels
            #expect(try separate[frame].pixels == all && labelled[frame].pixels == all)
            let own = try [1, 2, 7].map { try SamRun.object($0, frame, in: folder["s"]).pixels }
            let labels = try SamRun.labels(frame, in: folder["l"]).pixels
            for index in all.indices {
                let there = zip([1, 2, 7], own).filter { $0.1[index] == 255 }.map(\.0)
                #expect((all[index] == 255) == !there.isEmpty)
                #expect(there.isEmpty ? labels[index] == 0 : there.contains(Int(labels[index])))
                overlaps += there.count > 1 ? 1 : 0
            }
            let scores = try SamRun.scores(union, frame)
            // An object that is not there has no clarity.
            #expect(scores.count { !$0.key.hasSuffix(".clarity") } == 6)
            #expect(try SamRun.scores(separate, frame) == scores)
            #expect(try SamRun.scores(labelled, frame) == scores)
        }
        #expect(overlaps > 0, "nothing overlaps, so nothing was decided")
    }

    /// Objects know nothing of each other.
    @Test func anObjectAmongOthersIsTheSameAsAlone() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 12)
        try await SamRun.masks(
            clip,
            to: folder["all"],
            Self.twoObjects + ["--objects", "separate"]
        )
        for (number, prompt) in [
            (1, ["--point", "0.3w,0.5h"]), (2, ["--point", "0.7w,0.4h@5"]),
            (7, ["--box", "10,20,90,70@9"]),
        ] {
            let output = folder["\(number)"]
            let alone = try await SamRun.masks(clip, to: output, prompt)
            for frame in alone.names.indices {
                let among = try SamRun.object(number, frame, in: folder["all"])
                #expect(try alone[frame] == among, "object \(number), frame \(frame)")
            }
        }
    }

    @Test func invertTurnsMasksAroundAndLeavesNumbersAlone() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (96, 54), rate: 3)
        for kind in ["separate", "labels"] {
            let options = ["--point", "30,20", "--point", "60,30#2", "--objects", kind]
            let (plain, inverted) = (folder[kind], folder[kind + "-inverted"])
            let one = try await SamRun.masks(clip, to: plain, options)
            let two = try await SamRun.masks(clip, to: inverted, options + ["--invert"])
            for frame in one.names.indices {
                #expect(try one[frame].pixels == two[frame].pixels.map { ~$0 })
                if kind == "labels" {
                    #expect(
                        try SamRun.labels(frame, in: plain) == SamRun.labels(frame, in: inverted)
                    )
                } else {
                    let mask = try SamRun.object(2, frame, in: inverted)
                    #expect(
                        try SamRun.object(2, frame, in: plain).pixels == mask.pixels.map { ~$0 }
                    )
                }
            }
        }
    }
}

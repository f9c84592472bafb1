import Diagnostics
import Files
import Imaging
import InteractiveProtocol
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// What `8cut masks sam --interactive` answers when it is asked for masks.
@Suite struct InteractiveMaskTests {
    private let folder: TemporaryFolder
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        clip = try await CornerClip.make(folder["clip.mkv"])
    }

    private static let point = "{\"point\": [50, 30]}"

    @Test func aClickIsAnsweredAndTheNextOneNeedsNoEncoding() async throws {
        let talk = try WorkerTalk(clip)
        guard case .ready(let ready) = try await talk.answer().event else {
            throw WorkerTalk.Silence()
        }
        #expect(ready.width == 160 && ready.height == 90 && ready.model == "tiny")

        let first = try await talk.mask(1, frame: 2, Self.point, to: folder["1.png"])
        #expect(first.encoded && first.frame == 2 && first.path == folder["1.png"].string)
        let mask = try PNG.readGray(folder["1.png"])
        #expect(mask.width == 160 && mask.height == 90)
        #expect(mask.pixels.allSatisfy { $0 == 0 || $0 == 255 })
        let extent = MaskExtent(of: mask)
        #expect(first.objects.map(\.object) == [1])
        #expect(first.objects[0].area == extent.area && first.objects[0].box == extent.box)

        let negative = Self.point + ", {\"point\": [120, 70], \"label\": 0}"
        let second = try await talk.mask(2, frame: 2, negative, to: folder["2.png"])
        #expect(!second.encoded)
        #expect(try PNG.readGray(folder["2.png"]) != mask)
        // The very first again.
        let third = try await talk.mask(3, frame: 2, Self.point, to: folder["3.png"])
        #expect(!third.encoded && third.objects == first.objects)
        #expect(try MaskSet.bytes(of: folder["3.png"]) == MaskSet.bytes(of: folder["1.png"]))
    }

    @Test(arguments: [
        ("{\"point\": [50, 30]}", ["--point", "50,30@3"]),
        ("{\"box\": [20, 5, 90, 60]}", ["--box", "20,5,90,60@3"]),
        (
            "{\"box\": [20, 5, 90, 60]}, {\"point\": [\"0.9w\", 70], \"label\": 0}",
            ["--box", "20,5,90,60@3", "--point", "0.9w,70,-@3"]
        ),
    ])
    func theMaskIsThatOfARunWithTheSamePrompts(prompts: String, options: [String]) async throws {
        let talk = try WorkerTalk(clip)
        let answer = try await talk.mask(1, frame: 3, prompts, to: folder["1.png"])
        let run = try await Program.run8cut(
            [
                "masks", "sam", "-i", clip.string, "-o", folder["run"].string, "--model",
                WorkerTalk.model.string, "--device", "cpu",
            ] + options,
            environment: TestTools.environment
        )
        #expect(run.status == 0, "\(run.errors)")
        let masks = try MaskSet(folder["run"])
        #expect(
            try MaskSet.bytes(of: folder["1.png"])
                == MaskSet.bytes(of: folder["run"].appending(masks.names[3]))
        )
        let scores = masks.manifest.frames[3].scores
        #expect(answer.objects[0].objectScore == scores?["object_1.objectScore"])
        #expect(answer.objects[0].iou == scores?["object_1.iou"])
        #expect(answer.objects[0].box == masks.manifest.frames[3].box)
    }

    @Test func aMaskIsAPromptToo() async throws {
        var image = GrayImage(width: 160, height: 90, pixels: Array(repeating: 0, count: 14_400))
        for y in 20..<60 { for x in 40..<100 { image.pixels[y * 160 + x] = 255 } }
        try PNG.write(image, to: folder["given.png"])
        let talk = try WorkerTalk(clip)
        let answer = try await talk.mask(
            1,
            frame: 0,
            "{\"mask\": \"\(folder["given.png"].string)\"}",
            to: folder["1.png"]
        )
        #expect(answer.objects[0].iou == 1)
        let extent = MaskExtent(of: try PNG.readGray(folder["1.png"]))
        #expect(abs(extent.area - 2400.0 / 14_400) < 0.02)
    }

    @Test func severalObjectsAreDrawnTogetherAndApart() async throws {
        let talk = try WorkerTalk(clip)
        let prompts = Self.point + ", {\"box\": [90, 40, 150, 85], \"object\": 7}"
        let apart = try await talk.mask(
            1,
            frame: 0,
            prompts,
            to: folder["1.png"],
            ", \"objects\": \"separate\""
        )
        #expect(apart.objects.map(\.object) == [1, 7])
        let own = try apart.objects.map { try PNG.readGray(FilePath($0.path ?? "")) }
        let union = try PNG.readGray(folder["1.png"])
        #expect(union.pixels == zip(own[0].pixels, own[1].pixels).map { max($0, $1) })
        #expect(own.map { MaskExtent(of: $0).area } == apart.objects.map(\.area))

        let labelled = try await talk.mask(
            2,
            frame: 0,
            prompts,
            to: folder["2.png"],
            ", \"objects\": \"labels\""
        )
        let numbers = try PNG.readIndexed(FilePath(labelled.labels ?? ""))
        #expect(numbers.pixels.map { $0 > 0 ? 255 : 0 } == union.pixels)
        #expect(Set(numbers.pixels).subtracting([0, 1, 7]).isEmpty)
        #expect(labelled.objects.map(\.area) == apart.objects.map(\.area))
    }

    @Test func aFrameThatIsEncodedAheadIsThere() async throws {
        let talk = try WorkerTalk(clip)
        try talk.say("{\"id\": 1, \"do\": \"encode\", \"frame\": 11}")
        guard case .encoded(let encoded) = try await talk.end(of: 1) else {
            throw WorkerTalk.Silence()
        }
        #expect(encoded.frame == 11 && encoded.encoded)
        #expect(try await !talk.mask(2, frame: 11, Self.point, to: folder["1.png"]).encoded)
    }

    @Test func aNewerWishTakesThePlaceOfAGuess() async throws {
        let talk = try WorkerTalk(clip)
        for (id, frame) in [(1, 1), (2, 5), (3, 9)] {
            try talk.say("{\"id\": \(id), \"do\": \"encode\", \"frame\": \(frame)}")
        }
        try talk.say(WorkerTalk.request(4, frame: 0, Self.point, to: folder["1.png"]))
        var ends: [WorkerID: WorkerAnswer.Event] = [:]
        while ends[.number(4)] == nil || ends.count < 4 {
            let answer = try await talk.answer()
            if let id = answer.id { ends[id] = answer.event }
        }
        // The one in the middle cannot have been begun: it waited for the first.
        #expect(ends[.number(2)] == .dropped && ends[.number(3)] == .dropped)
        guard case .mask = ends[.number(4)] else { throw WorkerTalk.Silence() }
    }
}

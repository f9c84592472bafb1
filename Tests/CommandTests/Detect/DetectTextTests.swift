import Files
import FoundationEssentials
import Glibc
import Prompts
import SystemPackage
import TestSupport
import Testing

/// `8cut detect --text` with the small random detector.
@Suite struct DetectTextTests {
    private let folder: TemporaryFolder
    private let fixtures: Owlv2Fixtures

    init() throws {
        folder = try TemporaryFolder()
        fixtures = try Owlv2Fixtures()
    }

    /// A candidate as `--json` prints it.
    private struct Candidate: Decodable {
        let frame: Int
        let point: [Double]
        let box: [Double]
        let score: Double
        let object: Int
        let query: String
        let logit: Double
        let objectness: Double
    }

    private struct Document: Decodable {
        let v: Int
        let candidates: [Candidate]
    }

    private func run(_ clip: FilePath, _ options: [String]) async throws -> ProgramResult {
        try await DetectRun.run(
            clip,
            ["--text-model", Owlv2Fixtures.tiny.string, "--device", "cpu", "--threads", "1"]
                + options
        )
    }

    private func candidates(_ clip: FilePath, _ options: [String]) async throws -> [Candidate] {
        let result = try await run(clip, options + ["--json"])
        #expect(result.status == 0, "\(result.errors)")
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        #expect(document.v == 1)
        return document.candidates
    }

    /// A folder of images: a frame of the fixtures, so many times.
    private func images(_ name: String = "landscape", count: Int = 4) async throws -> FilePath {
        let frame = try fixtures.expected.bytes(name + ".frame")
        let samples = [[UInt8]](repeating: frame.values, count: count).flatMap(\.self)
        try samples.withUnsafeBytes { try AtomicFile.write($0, to: folder["samples.rgb"]) }
        let images = folder["clip"]
        mkdir(images.string, 0o777)
        try await Program.ffmpeg([
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(frame.shape[1])x\(frame.shape[0])",
            "-i", folder["samples.rgb"].string, images.appending("frame_%04d.png").string,
        ])
        return images
    }

    /// The reference's best box for the first query, whose centre is in the frame.
    private func best(
        _ name: String = "landscape"
    ) throws -> (box: [Float], score: Double, logit: Float, objectness: Float) {
        let frame = try fixtures.expected.bytes(name + ".frame")
        let (width, height) = (Float(frame.shape[1]), Float(frame.shape[0]))
        let corners = try fixtures.expected.floats(name + ".corners").values
        let logits = try fixtures.expected.floats(name + ".logits").values
        let box = { (index: Int) in Array(corners[4 * index..<4 * index + 4]) }
        let inside = (0..<corners.count / 4).filter { index in
            let box = box(index)
            return (box[0] + box[2]) / 2 < width && (box[1] + box[3]) / 2 < height
        }
        let index = try #require(inside.max { logits[3 * $0] < logits[3 * $1] })
        let sides = [width, height, width, height]
        return (
            zip(box(index), sides).map { max(0, min($0, $1)) },
            1 / (1 + exp(-Double(logits[3 * index]))), logits[3 * index],
            try fixtures.expected.floats(name + ".objectness").values[index]
        )
    }

    @Test func theBestBoxIsTheReferences() async throws {
        let clip = try await images()
        let found = try await candidates(
            clip,
            ["--text", "dog", "--templates", "none", "--text-threshold", "0"]
        )
        let expected = try best()
        let first = try #require(found.first)
        for (ours, reference) in zip(first.box, expected.box) {
            #expect(abs(ours - Double(reference)) < 0.01, "\(first.box), not \(expected.box)")
        }
        #expect(abs(first.score - expected.score) < 1e-4)
        #expect(abs(first.logit - Double(expected.logit)) < 1e-4)
        #expect(abs(first.objectness - Double(expected.objectness)) < 1e-4)
        #expect(first.query == "dog" && first.object == 1 && first.point.count == 2)
        // The middle frame of four equal ones is the best, with its best five boxes.
        #expect(Set(found.map(\.frame)) == [2] && (2...5).contains(found.count))
        #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
        // Seven sentences ask for the same thing, not in the same words.
        let asked = try await candidates(clip, ["--text", "dog barking", "--text-threshold", "0"])
        #expect(asked.first?.query == "dog" && asked.first?.score != first.score)
    }

    /// The small detector reads 14 letters.
    @Test func ofALongLabelWhatIsShortEnoughIsLookedFor() async throws {
        let found = try await candidates(
            try await images(),
            [
                "--text", "playing electric guitar in a large concert hall, hammered dulcimer",
                "--text-threshold", "0",
            ]
        )
        #expect(Set(found.map(\.query)) == ["electric guitar"])
    }

    /// `OWLv2Tests` has the values.
    @Test func withoutPaddingItFindsSomethingElse() async throws {
        let clip = try await images()
        let options = ["--text", "dog", "--text-threshold", "0", "--frames", "2,"]
        let all = try await candidates(clip, options)
        let seen = try await candidates(clip, options + ["--skip-padding"])
        #expect(seen.first?.score != all.first?.score && seen.first?.frame == 2)
    }

    @Test func everyFrameOfAListGivesItsBest() async throws {
        let clip = try await images()
        let options = ["--text", "dog", "--templates", "none", "--text-threshold", "0"]
        let listed = try await candidates(clip, options + ["--frames", "3,0"])
        #expect(Set(listed.map(\.frame)) == [0, 3] && listed.count == 2)
        #expect(listed[0].score == listed[1].score)
        let spread = try await candidates(clip, options + ["--frames", "2", "--count", "2"])
        #expect(spread.map(\.frame).sorted() == [1, 1, 3, 3])
        #expect(Set(spread.map(\.object)) == [1, 2])
        let one = try await candidates(clip, options + ["--frames", "3,"])
        #expect(one.map(\.frame) == [3])
    }

    @Test func promptsAndAPreviewAreWritten() async throws {
        let clip = try await images()
        let prompts = folder["prompts.json"]
        let result = try await run(
            clip,
            [
                "--text", "dog", "--text", "violin#4", "--text-threshold", "0", "-o",
                prompts.string, "--preview", folder["sheet.png"].string,
            ]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.first?.split(separator: " ").first == "frame")
        #expect(result.lines.first?.contains("query") == true)
        let list = try PromptList(file: prompts).entries.map(\.prompt)
        #expect(list.map(\.object) == [1, 4])
        for prompt in list {
            guard case .box = prompt.content else {
                Issue.record("\(prompt) is no box")
                continue
            }
        }
        #expect(try Folder.kind(of: folder["sheet.png"]) == .file)
    }

    @Test func whatIsNotFoundIsSaidWithTheBestScore() async throws {
        let clip = try await images()
        let prompts = folder["prompts.json"]
        let result = try await run(
            clip,
            ["--text", "dog barking", "--text-threshold", "0.99", "-o", prompts.string, "--json"]
        )
        #expect(result.status == 7 && result.output.isEmpty, "\(result.errors)")
        for part in [
            "cannot find 'dog barking'", "on the 4 frames 2, 0, 3, 1", "looking for 'dog'",
            "the best score is 0.", "of 'dog' on frame 2", "below the threshold of 0.99",
            "a lower threshold (--text-threshold)",
        ] {
            #expect(result.errors.contains(part), "\(part) is not in \(result.errors)")
        }
        #expect(try Folder.kind(of: prompts) == .missing)
    }

    @Test func withoutWordsTheClipsOwnLabelIsTaken() async throws {
        let clip = try await images()
        let list = #"[{"path": "clip", "label": "dog barking", "start": 0, "duration": 1}]"#
        try AtomicFile.write(list, to: folder["dataset.json"])
        let found = try await candidates(clip, ["--text-threshold", "0", "--text"])
        #expect(found.first?.query == "dog")
        try AtomicFile.write("[]", to: folder["dataset.json"])
        let missing = try await run(clip, ["--text"])
        #expect(missing.status == 64 && missing.errors.contains("lists no such clip"))
        #expect(missing.errors.contains("--text \"dog\""))
        unlink(folder["dataset.json"].string)
        let unlisted = try await run(clip, ["--text"])
        #expect(unlisted.status == 64 && unlisted.errors.contains("no dataset.json beside it"))
    }

    /// Nothing is loaded for them: the model's weights are no weights.
    @Test(arguments: [
        (["--text", ""], "there are no words in it"),
        (["--text", " "], "there are no words in it"),
        (["--text", "犬"], "no letter from a to z"),
        (["--text", "thunder"], "nothing that can be seen"),
        (["--text", "dog@3"], "it names a frame"),
        (["--text", "dog", "--text", "cat"], "object 1 has a text already"),
        (["--text", "dog", "--text", "dog barking#2"], "the same as the text of object 1"),
        (["--text", "quick brown unknown words", "--templates", "none"], "14 at most"),
        (
            ["--text", "playing hammered dulcimers in a hall"],
            "cannot look for 'playing hammered dulcimers in a hall': even 'hammered dulcimer' has 16 "
                + "tokens"
        ), (["--text", "playing hammered dulcimers"], "Use fewer words"),
        (["--text", "dog", "--text-threshold", "1.1"], "--text-threshold must be between 0"),
        (["--text", "dog", "--text-threshold", "-0.1"], "--text-threshold"),
        (["--text", "dog", "--frames", "5"], "4 frames: 0 to 3"),
        (["--text", "dog", "--frames", "1,4"], "frame 4 is to be looked at"),
        (["--text", "dog", "--frames", "0"], "--frames"),
        (["--text", "dog", "--frames", "a,b"], "--frames"),
        (["--text", "dog", "--count", "none"], "--count"),
        (["--frames", "2"], "goes with --text only"),
        (["--skip-padding"], "goes with --text only"),
        (["--text", "dog", "--text-model", "sam2.1-hiera-tiny"], "is a segmentation model"),
    ])
    func badInputIsReportedBeforeAModelIsLoaded(_ options: [String], _ why: String) async throws {
        let model = folder["model"]
        mkdir(model.string, 0o777)
        for name in try Folder.names(in: Owlv2Fixtures.tiny) where !name.hasPrefix("expected") {
            let bytes = try MaskSet.bytes(of: Owlv2Fixtures.tiny.appending(name))
            let isWeights = name == "model.safetensors"
            try (isWeights ? try SmallWeights.bytes : bytes).withUnsafeBytes {
                try AtomicFile.write($0, to: model.appending(name))
            }
        }
        let result = try await DetectRun.run(
            try await images(),
            ["--text-model", model.string, "--device", "cpu"] + options
        )
        // The last of two models counts.
        #expect(result.status == 64 && result.output.isEmpty, "\(options): \(result.errors)")
        #expect(result.errors.contains(why), "\(options): \(result.errors)")
    }

    @Test func aCheckpointOfAnotherModelIsAnError() async throws {
        let result = try await DetectRun.run(
            try await images(),
            [
                "--text", "dog", "--device", "cpu", "--text-model",
                SamRun.models.appending("tiny").string,
            ]
        )
        #expect(result.status == 65 && result.errors.contains("it has no vocab.json"))
        #expect(result.errors.contains("Is this one of another model?"))
    }
}

/// Weights that belong to no model.
private enum SmallWeights {
    static var bytes: [UInt8] {
        get throws {
            let folder = try TemporaryFolder()
            try SmallCheckpoint.make(folder["small"])
            return try MaskSet.bytes(of: folder["small"].appending("model.safetensors"))
        }
    }
}

import Files
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// Scores and verdicts, from the masks to a data set.
@Suite struct VerdictCommandTests {
    private struct Shown: Decodable {
        struct Masks: Decodable {
            let score: Double?
            let digest: String?
        }

        struct Word: Decodable {
            let verdict: String
            let reviewer: String
        }

        let verdict: String?
        let reviewer: String?
        let time: Double?
        let masksDigest: String?
        let masks: [Masks]
        let verdicts: [Word]
        let worstFrames: [Int]
    }

    private let run: DatasetRun

    init() async throws {
        run = try await DatasetRun(clips: 3, duration: "0.5")
        for clip in 1...3 { try await makeMasks(clip) }
    }

    private func makeMasks(_ clip: Int, _ options: [String] = []) async throws {
        let made = try await run.eightCut(
            ["masks", "saliency", "--clip", "\(clip)", "-q"] + options
        )
        try #require(made.status == 0, "\(made.errors)")
    }

    private func succeed(_ arguments: [String]) async throws -> ProgramResult {
        let result = try await run.eightCut(arguments)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    private func verdict(_ verdict: String, _ clips: String..., by name: String) async throws {
        _ = try await succeed(["library", "verdict", verdict] + clips + ["--reviewer", name])
    }

    private func show(_ clip: String) async throws -> Shown {
        let result = try await succeed(["library", "show", clip, "--json"])
        return try JSONDecoder().decode(Shown.self, from: Data(result.output.utf8))
    }

    /// The numbers that `library list` prints.
    private func listed(_ options: String...) async throws -> [String] {
        try await succeed(["library", "list"] + options).lines.dropFirst().compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
    }

    @Test func verdictsDecideWhatAnExportTakes() async throws {
        try await verdict("keep", "1", "clips/dog_003.mp4", by: "anna")
        try await verdict("reject", run.folder["clips/dog_002.mp4"].string, by: "anna")
        #expect(try await listed("--verdict", "keep") == ["3", "1"])
        #expect(try await listed("--verdict", "reject") == ["2"])
        let set = try await run.export("plain", ["--verdict", "keep", "-q"])
        #expect(set.status == 0, "\(set.errors)")
        let clips = try Folder.names(in: run.folder["set"]).filter { $0.hasSuffix(".mp4") }
        #expect(clips.sorted() == ["dog_001.mp4", "dog_003.mp4"])
        let none = try await run.eightCut([
            "dataset", "export", "--profile", "plain", "--to", "other", "--verdict", "undecided",
        ])
        #expect(none.status == 66 && none.errors.contains("the library has none that match"))
        #expect(!FileManager.default.fileExists(atPath: run.folder["other"].string))
    }

    @Test func aClipIsShownWithTheLastWordOnItsMasks() async throws {
        let before = try await show("1")
        #expect(before.verdict == nil && before.verdicts.isEmpty)
        let digest = try #require(before.masksDigest)
        #expect(before.masks.map(\.digest) == [digest])
        try await verdict("keep", "1", by: "anna")
        try await verdict("undecided", "1", by: "ben")
        let after = try await show("clips/dog_001.mp4")
        #expect(after.verdict == "undecided" && after.reviewer == "ben")
        #expect(after.masksDigest == digest && (after.time ?? 0) > 1.7e9)
        #expect(after.verdicts.map(\.reviewer) == ["anna", "ben"])
        #expect(!after.worstFrames.isEmpty)
        let text = try await succeed(["library", "show", "1"]).output
        #expect(text.contains("undecided, by ben") && text.contains("worst frames:"))
        let list = String(
            decoding: try SmallFile.read(run.folder["clips/dataset.json"], limit: 1 << 20),
            as: UTF8.self
        )
        #expect(list.contains("\"verdict\": \"undecided\""), "\(list)")
        #expect(list.contains("\"reviewer\": \"ben\"") && list.contains("\"score\": "))
    }

    /// Other masks, made without a word to the library.
    @Test func newMasksAreAskedAboutAnew() async throws {
        try await verdict("keep", "1", by: "anna")
        _ = try await succeed([
            "masks", "saliency", "-i", "clips/dog_001.mp4", "--threshold", "100", "--overwrite",
            "-q",
        ])
        #expect(try await listed("--verdict", "keep").isEmpty)
        #expect(try await show("1").verdict == nil)
        #expect(try await show("1").verdicts.map(\.verdict) == ["keep"])
        let set = try await run.export("plain", ["--verdict", "keep", "-q"])
        #expect(set.status == 66, "\(set.errors)")
    }

    @Test func clipsAreListedAndExportedByScore() async throws {
        let scores = try await (1...3).asyncMap { try await show("\($0)").masks[0].score ?? -1 }
        #expect(scores.allSatisfy { (0...1).contains($0) }, "\(scores)")
        let order = (1...3).sorted { (scores[$0 - 1], -$0) < (scores[$1 - 1], -$1) }
        #expect(try await listed("--sort", "score") == order.map { "\($0)" })
        let middle = scores.sorted()[1]
        let low = order.filter { scores[$0 - 1] < middle }
        #expect(
            try await listed("--sort", "score", "--below", "\(middle)") == low.map { "\($0)" }
        )
        let set = try await run.export("plain", ["--min-score", "\(middle)", "-q"])
        #expect(set.status == 0, "\(set.errors)")
        let clips = try Folder.names(in: run.folder["set"]).filter { $0.hasSuffix(".mp4") }
        #expect(clips.count == 3 - low.count)
    }

    @Test func peopleAreCompared() async throws {
        let alone = try await succeed(["library", "agreement"])
        #expect(alone.output.contains("no two people"))
        try await verdict("keep", "1", "2", "3", by: "anna")
        try await verdict("keep", "1", "2", by: "ben")
        try await verdict("reject", "3", by: "ben")
        try await verdict("reject", "1", by: "anna")
        try await verdict("reject", "1", by: "ben")
        // Both reject 1 and keep 2; on 3 they differ: 2/3 against 4/9 by chance.
        let table = try await succeed(["library", "agreement"]).lines
        #expect(table.count == 2 && table[1].hasPrefix("anna   ben     3      0.667      0.4"))
        let nobody = try await run.eightCut(["library", "agreement", "anna", "carl"])
        #expect(nobody.status == 66 && nobody.errors.contains("'carl'"), "\(nobody.errors)")
    }

    @Test func savedVerdictsAreImported() async throws {
        let (first, second) = (try await show("1"), try await show("2"))
        func entry(_ clip: Int, _ path: String, _ digest: String, _ verdict: String) -> String {
            """
            {"clip": \(clip), "path": "\(path)", "masksDigest": "\(digest)", \
            "verdict": "\(verdict)", "time": 1800000000.5, "draw": "random", "score": 0.5}
            """
        }
        func file(_ entries: String...) throws {
            try AtomicFile.write(
                #"{"v": 1, "reviewer": "anna", "verdicts": ["# + entries.joined(separator: ", ")
                    + "]}\n",
                to: run.folder["verdicts.json"]
            )
        }
        // The page is of another library: its numbers are not ours, but the masks are.
        try file(
            entry(2, "/other/dog_001.mp4", try #require(first.masksDigest), "keep"),
            entry(1, "/other/dog_002.mp4", try #require(second.masksDigest), "reject"),
            entry(3, "/other/dog_009.mp4", "unknown", "keep")
        )
        let result = try await run.eightCut(["library", "import", "--verdicts", "verdicts.json"])
        #expect(result.status == 65 && result.errors.contains("'/other/dog_009.mp4'"))
        #expect(try await listed("--verdict", "keep") == ["1"])
        #expect(try await listed("--verdict", "reject") == ["2"])
        #expect(try await show("1").reviewer == "anna")
        try file(entry(3, run.folder["clips/dog_003.mp4"].string, "earlier", "keep"))
        let earlier = try await succeed(["library", "import", "--verdicts", "verdicts.json"])
        #expect((earlier.output + earlier.errors).contains("1 on earlier masks"))
        #expect(try await show("3").verdict == nil)
    }

    @Test(
        arguments: [
            ("", 65), ("[]", 65), (#"{"v": 2}"#, 65),
            (#"{"v": 1, "reviewer": "", "verdicts": []}"#, 64),
            (#"{"v": 1, "reviewer": "a", "verdicts": [{"clip": 1}]}"#, 65),
        ] as [(String, Int32)]
    )
    func otherFilesAreRefused(text: String, status: Int32) async throws {
        try AtomicFile.write(text, to: run.folder["verdicts.json"])
        let result = try await run.eightCut(["library", "import", "--verdicts", "verdicts.json"])
        #expect(result.status == status, "\(result.errors)")
        #expect(try await listed("--verdict", "none").count == 3)
    }

    @Test func clipsThatAreUnknownAreNamed() async throws {
        for clip in ["99", "clips/cat_001.mp4"] {
            let result = try await run.eightCut(["library", "verdict", "keep", "1", clip])
            #expect(result.status == 66 && result.errors.contains(clip), "\(result.errors)")
        }
        // All or nothing.
        #expect(try await listed("--verdict", "keep").isEmpty)
        let bad = try await run.eightCut([
            "library", "verdict", "keep", "1", "--reviewer", "a\u{7}b",
        ])
        #expect(bad.status == 64, "\(bad.errors)")
    }

    @Test func theStripShowsTheWorstFramesAndKeepsOtherFiles() async throws {
        _ = try await succeed(["library", "show", "1", "--strip", "worst.png"])
        let image = try SmallFile.read(run.folder["worst.png"], limit: 1 << 24)
        #expect(image.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        try AtomicFile.write("mine", to: run.folder["own.png"])
        let kept = try await run.eightCut(["library", "show", "1", "--strip", "own.png"])
        #expect(kept.status == 73, "\(kept.errors)")
        #expect(try SmallFile.read(run.folder["own.png"], limit: 99) == Array("mine".utf8))
    }

    @Test func tooFewVerdictsCalibrateNothing() async throws {
        try await verdict("keep", "1", by: "anna")
        let result = try await run.eightCut(["library", "calibration"])
        #expect(result.status == 66 && result.errors.contains("there are 1 verdicts of 50"))
    }
}

extension Sequence where Element: Sendable {
    fileprivate func asyncMap<Value>(
        _ transform: (Element) async throws -> Value
    ) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}

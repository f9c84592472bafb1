import DatasetExport
import DatasetProfiles
import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// The folders, tables and rules of single consumers.
@Suite struct ConsumerTests {
    @Test func selVALooksForPathsWithoutEndings() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 2)
        try await bench.addMasks(of: id, "sam")
        try await bench.export("selva-comfy")
        let list = try LocatedJSON(parsing: Array(try bench.text("dataset.json").utf8), .strict)
        let base = try #require(list.items?[0]["path"]?.string)
        #expect(base == bench.set.appending("dog_001").string)
        #expect(try Folder.kind(of: FilePath(base + ".mp4")) == .file)
        let names = try Folder.names(in: FilePath(base + "_mask"))
        #expect(names.filter { $0.hasSuffix(".png") } == ["frame_0000.png", "frame_0001.png"])
        try await bench.addClip("cat_001", source: "b", hasAudio: false)
        let (_, plan, _) = try await bench.plan("selva-comfy")
        #expect(plan.rows[1].rejections.first?.rule == .samples)
    }

    @Test func hunyuanFoleyFindsClipsFromAnywhere() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("001", label: "a dog, barking", hasAudio: false)
        try await bench.export("hunyuan-foley") { $0.split = SplitRule("1/0", by: .source) }
        let path = bench.set.pushing("videos/001.mp4").string
        #expect(
            try bench.text("train.csv").exactLines
                == ["index,video,prompt", "0,\(path),\"a dog, barking\""]
        )
        try await bench.addClip("long_001", source: "b", frames: 376)
        let (_, plan, _) = try await bench.plan("hunyuan-foley")
        #expect(plan.rows[1].rejections.first?.rule == .frames)
    }

    @Test func thinkSoundHasACommaAndNamesThatAreTexts() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("001", label: "dog, barking", frames: 227)
        try await bench.addClip("NA", source: "b", frames: 227)
        try await bench.addClip("dog_001", label: "NA", source: "c", frames: 227)
        try await bench.export("thinksound") { $0.skipsRejected = true }
        let lines = try bench.text("train.csv").exactLines
        #expect(lines.count == 2 && lines[0] == "id,caption,caption_cot,source,start")
        #expect(lines[1].hasPrefix("001,\"dog, barking\",\"dog, barking\",/"))
        let (_, plan, _) = try await bench.plan("thinksound")
        #expect(plan.rows.map { $0.rejections.first?.rule } == [nil, .name, .label])
    }

    @Test func falNeedsTenClipsOf89FramesWithAudio() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("a_001", frames: 89)
        try await bench.addClip("b_001", source: "b", frames: 88)
        try await bench.addClip("c_001", source: "c", hasAudio: false)
        let (_, plan, _) = try await bench.plan("fal-v2a")
        #expect(plan.rows.map { $0.rejections.first?.rule } == [nil, .frames, .samples])
        #expect(plan.warnings == ["the data set has 1 clips, and 10 are needed."])
        for number in 0..<9 {
            try await bench.addClip("d_00\(number)", source: "d\(number)", frames: 89)
        }
        #expect(try await bench.plan("fal-v2a").plan.warnings.isEmpty)
    }

    @Test func falRegeneratesWhatIsWhite() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 3)
        try await bench.addClip("cat_001", source: "b", frames: 3)
        try await bench.addMasks(of: id, "sam")
        try await bench.export("fal-inpaint") { $0.skipsRejected = true }
        #expect(try bench.files == ["dog_001.mp4", "dog_001.txt", "dog_001_mask.mp4"])
        let rejected = try await bench.plan("fal-inpaint").plan.rows[1].rejections
        #expect(rejected.map(\.rule) == [.masks])
        #expect(rejected[0].remedy?.contains("8cut masks") == true)
    }

    @Test func aStillMaskIsTheMeanInTheClipsSize() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 4)
        try await bench.addMasks(of: id, "sam")
        try await bench.export("still-mask") { $0.split = SplitRule("1/0", by: .source) }
        #expect(
            try bench.files == [
                "train/masks/dog_001.png", "train/videos/dog_001.mp4", "train/videos/dog_001.txt",
            ]
        )
        let still = try PNG.readGray(bench.set.pushing("train/masks/dog_001.png"))
        let frames = (0..<4).map { DatasetBench.mask(64, 48, $0).pixels }
        let mean = frames[0].indices.map { place in
            UInt8((frames.reduce(0) { $0 + Int($1[place]) } + 2) / 4)
        }
        #expect(still == GrayImage(width: 64, height: 48, pixels: mean))
        #expect(Set(mean) == [0, 64, 128, 191, 255])
    }

    @Test func avsBenchFindsFiveFramesAndMasks() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 130, isFilm: true)
        try await bench.addMasks(of: id, "sam")
        try await bench.addClip("cow_001", label: "a/b", source: "b", frames: 130)
        try await bench.addClip("cat_001", source: "c", frames: 124)
        try await bench.export("avsbench") { $0.skipsRejected = true }
        let rejections = try await bench.plan("avsbench").plan.rows.map {
            $0.rejections.map(\.rule)
        }
        #expect(rejections[0].isEmpty)
        #expect(rejections[1].contains(.label) && rejections[2].contains(.frames))
        let numbers = (1...5).map { "train/dog barking/dog_001/dog_001_\($0).png" }
        #expect(
            try bench.files
                == ["s4_data/audio_wav/train/dog barking/dog_001.wav"]
                + numbers.map { "s4_data/gt_masks/" + $0 }
                + numbers.map { "s4_data/visual_frames/" + $0 }
                + ["s4_meta_data.csv", "videos/dog_001.mp4"]
        )
        #expect(
            try bench.text("s4_meta_data.csv").exactLines
                == ["name,start_time,category,split", "dog_001,0,dog barking,train"]
        )
        // Frame 23 is the first, 48 the second.
        for (place, frame) in [23, 48, 73, 98, 123].enumerated() {
            let path = bench.set.pushing(FilePath("s4_data/gt_masks/" + numbers[place]))
            let mask = try PNG.readGray(path)
            #expect(mask.width == 224 && mask.height == 224)
            let whole = DatasetBench.mask(64, 48, frame)
            for (x, y) in [(0, 0), (100, 30), (112, 40), (223, 223)] {
                let pixel = whole.pixels[(2 * y + 1) * 48 / 448 * 64 + (2 * x + 1) * 64 / 448]
                #expect(mask.pixels[y * 224 + x] == pixel)
            }
        }
        let audio = bench.set.pushing("s4_data/audio_wav/train/dog barking/dog_001.wav")
        let bytes = try MaskSet.bytes(of: audio).count
        // A header, and 16-bit samples of five seconds.
        #expect((160_000..<160_200).contains(bytes))
    }

    @Test func silenceIsRejectedWhereTheLoaderDividesByIt() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001", frames: 202, isFilm: true)
        try await bench.addClip(
            "cat_001",
            source: "b",
            frames: 202,
            isFilm: true,
            audio: "anullsrc=r=48000"
        )
        let plan = try await bench.plan("mmaudio-16k").plan
        #expect(plan.rows.map { $0.rejections.map(\.why) } == [[], ["its audio is silent"]])
        #expect(try await bench.plan("foleytune").plan.rejected.isEmpty)
        // The second time the data set knows it.
        try await bench.export("mmaudio-16k") { $0.skipsRejected = true }
        let record = try #require(try ExportRecord(in: OpenFolder(bench.set)))
        let clip = try #require(record.clips["videos/dog_001.mp4"])
        #expect(try #require(clip.peak) > 0.1)
        #expect(try #require(clip.mixedPeak) > 0.1)
        #expect(try await bench.export("mmaudio-16k") { $0.skipsRejected = true } == 0)
    }

    @Test func channelsThatCancelEachOtherAreRejectedWhereTheyAreMixed() async throws {
        let bench = try DatasetBench()
        let audio = "sine=frequency=440:sample_rate=48000,aeval=exprs=val(0)|-val(0)"
        try await bench.addClip("dog_001", frames: 202, isFilm: true, audio: audio)
        try await bench.addClip("cat_001", source: "b", frames: 202, isFilm: true)
        let rows = try await bench.plan("mmaudio-16k").plan.rows
        #expect(rows[0].rejections.map(\.rule) == [.samples])
        #expect(rows[0].rejections[0].why.contains("cancel each other"))
        #expect(rows[0].rejections[0].remedy?.contains("--audio-stream") == true)
        #expect(rows[1].rejections.isEmpty)
    }

    @Test(arguments: [("mmaudio-16k", true), ("saganet", true), ("thinksound", false)])
    func onlyLoadersThatMixChannelsLoseThem(profile: String, mixes: Bool) throws {
        let rule = try #require(DatasetProfile.named(profile)?.clip)
        #expect(rule.needsLoudness)
        let loudness = Loudness(peak: 0.5, mixedPeak: 1e-4)
        #expect((rule.rejection(of: loudness) != nil) == mixes)
        #expect(rule.rejection(of: Loudness(peak: 0.5, mixedPeak: 0.25)) == nil)
        #expect((rule.rejection(of: Loudness(peak: 0, mixedPeak: 0)) != nil) == rule.needsSound)
    }

    @Test(
        arguments: [
            (["1", "440", "1e5", "-.5", " 7 ", "inf"], true), (["001", "NA"], true),
            (["true", "FALSE"], true), (["1", "dog"], false), (["1", "true"], false),
            (["0x10", "1_000"], false), (["1e", "."], false), (["1"], true), ([], false),
        ]
    )
    func aColumnThatPandasDoesNotTakeForTexts(labels: [String], isNumeric: Bool) {
        #expect((LabelTable.pandas.objection(toAll: labels) != nil) == isNumeric)
        #expect((LabelTable.pandas.objection(toAllNames: labels) != nil) == isNumeric)
        #expect((LabelTable.pandasNamesAsText.objection(toAll: labels) != nil) == isNumeric)
        #expect(LabelTable.pandasNamesAsText.objection(toAllNames: labels) == nil)
        #expect(LabelTable.lines.objection(toAll: labels) == nil)
    }

    @Test func numbersAreRejectedWhereATableHasNothingElse() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("001", label: "1", frames: 202)
        try await bench.addClip("002", label: "2", source: "b", frames: 202)
        let rows = try await bench.plan("mmaudio-16k").plan.rows
        #expect(rows.map { $0.rejections.map(\.rule) } == [[.name, .label], [.name, .label]])
        #expect(rows[0].rejections.allSatisfy { $0.remedy?.contains("8cut ") == true })
        try await bench.addClip("dog_001", label: "dog", source: "c", frames: 202)
        #expect(try await bench.plan("mmaudio-16k").plan.rejected.isEmpty)
        // The same texts in a split of their own.
        let split = try await bench.plan("mmaudio-16k") {
            $0.split = SplitRule("50/50", by: .label)
        }.plan
        let numeric = split.rejected.map { $0.clip.id }
        #expect(!numeric.contains(3))
        try await bench.export("mmaudio-16k")
        try AtomicFile.write(
            "id\tlabel\n001\t1\n002\t2\n",
            to: bench.set.appending("train.tsv")
        )
        let profile = try #require(DatasetProfile.named("mmaudio-16k"))
        let found = try await DatasetCheck(profile, bench.set, width: 2).run()
        #expect(
            found[0].rejections.contains { $0.rule == .name && $0.why.contains("001 becomes 1") }
        )
        #expect(found[0].rejections.contains { $0.rule == .label })
    }
}

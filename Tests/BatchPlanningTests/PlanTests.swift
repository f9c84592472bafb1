import BatchList
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// `8cut batch plan`: where rows come from.
@Suite struct PlanTests {
    @Test func theVideosOfAFolder() async throws {
        let bench = try PlanBench()
        try Folder.create(bench["videos/deep"])
        for name in ["videos/b10.mp4", "videos/b9.MKV", "videos/deep/a.mp4"] {
            try await Clip.make(bench["clip.mp4"], size: (64, 36), seconds: 0.5)
            #expect(rename(bench["clip.mp4"].string, bench[name].string) == 0)
        }
        for name in ["videos/.hidden.mp4", "videos/notes.txt", "videos/.deep/x.mp4"] {
            try bench.write(name)
        }

        let rows = try await bench.rows(["--folder", "videos"])

        #expect(rows.map(\.id) == ["b9", "b10", "deep_a"])
        #expect(
            rows.map(\.path)
                == [bench["videos/b9.MKV"], bench["videos/b10.mp4"], bench["videos/deep/a.mp4"]]
        )
        #expect(
            rows.map(\.output.written) == [
                "videos/b9_masks", "videos/b10_masks", "videos/deep/a_masks",
            ]
        )
        #expect(rows.allSatisfy { $0.frames == 12 && $0.method == .saliency })
        #expect(rows.allSatisfy { $0.pins == .init(revision: "2") && $0.settings.isEmpty })
    }

    @Test func clipsOfTheLibraryInTheOrderOfTheirCuts() async throws {
        let bench = try PlanBench()
        try await bench.addClips(2, label: "dog")
        try await bench.addClips(3, label: "cat")

        let all = try await bench.rows([])
        let cats = try await bench.rows(["--label", "CAT", "--limit", "2", "--to", "masks"])

        #expect(all.map(\.id) == ["dog_001-1", "dog_002-2", "cat_001-3", "cat_002-4", "cat_003-5"])
        #expect(all.map(\.frames) == [201, 202, 201, 202, 203])
        #expect(all.first?.label == "dog")
        #expect(cats.map(\.id) == ["cat_002-4", "cat_003-5"])
        #expect(
            cats.map(\.output.path) == [
                bench["masks/cat_002-4_masks"], bench["masks/cat_003-5_masks"],
            ]
        )
    }

    @Test func theClipsOfADatasetFile() async throws {
        let bench = try PlanBench()
        try Folder.create(bench["clips"])
        for name in ["dog_001", "dog_002"] {
            try await Clip.make(bench["clips/\(name).mp4"], size: (64, 36), seconds: 0.5)
        }
        let entry = { (name: String) in
            #"{"path":"\#(name).mp4","label":"dog barking","category":"Animal","source":"/v.mp4","#
                + #""start":1,"duration":0.5}"#
        }
        try bench.write("clips/dataset.json", "[\(entry("dog_001")),\(entry("dog_002"))]")

        for name in ["clips/dataset.json", "clips"] {
            let rows = try await bench.rows(["--dataset", name])
            #expect(rows.map(\.id) == ["dog_001", "dog_002"])
            #expect(rows.map(\.frames) == [12, 12])
            #expect(rows.allSatisfy { $0.label == "dog barking" && $0.category == "Animal" })
        }
    }

    @Test func cutsAreRowsWithTheirSource() async throws {
        let bench = try PlanBench()
        try await Clip.make(bench["film one.mp4"], size: (64, 36), rate: 25, seconds: 4)
        try bench.write(
            "cuts.csv",
            "input,start,duration,name,label\nfilm one.mp4,0:01,2,dog,bark\n"
                + "film one.mp4,2.5,,dog,\nfilm one.mp4,@3,1,,\n"
        )

        let rows = try await bench.rows(["--cuts", "cuts.csv", "--to", "out", "--duration", "1.5"])

        #expect(rows.map(\.id) == ["dog_001", "dog_002", "film one_001"])
        #expect(rows.map(\.path) == Array(repeating: bench["film one.mp4"], count: 3))
        #expect(rows.map(\.cut?.start) == ["1", "2.5", "@3"])
        #expect(rows.map(\.cut?.duration) == ["2", "1.5", "1"])
        #expect(
            rows.map(\.cut?.clip.written) == [
                "out/dog_001.mp4", "out/dog_002.mp4", "out/film one_001.mp4",
            ]
        )
        #expect(
            rows.map(\.output.written) == [
                "out/dog_001_masks", "out/dog_002_masks", "out/film one_001_masks",
            ]
        )
        #expect(rows.map(\.frames) == [50, 38, 25])
        #expect(rows.map(\.label) == ["bark", nil, nil])
    }

    /// A profile sets length and rate: no source is looked at.
    @Test func aProfileSetsTheLengthOfCuts() async throws {
        let bench = try PlanBench()
        try bench.write("cuts.csv", "input,start\ngone.mp4,1\n")
        let rows = try await bench.rows([
            "--cuts", "cuts.csv", "--to", "out", "--profile", "saganet",
        ])
        #expect(rows.map(\.cut?.profile) == ["saganet"])
        #expect(rows.map(\.cut?.duration) == [nil])
        #expect(rows.map(\.frames) == [126])
    }

    /// Films in a store are cut from there, and are not looked at before.
    @Test func cutsOfFilmsInAStore() async throws {
        let bench = try PlanBench()
        let address = "s3://films/Tür 100%+//a.mp4"
        try bench.write("cuts.csv", "input,start,duration\n\(address),1,2\n,3,2\n")
        let options = [
            "--cuts", "cuts.csv", "--input", "s3://films/b.mp4", "--to", "s3://films/out",
        ]

        let rows = try await bench.rows(options)

        #expect(
            rows.map(\.cut?.source.location) == [.object(address), .object("s3://films/b.mp4")]
        )
        #expect(
            rows.map(\.cut?.clip.written) == [
                "s3://films/out/a_001.mp4", "s3://films/out/b_001.mp4",
            ]
        )
        #expect(rows.map(\.frames) == [nil, nil])
    }

    @Test(arguments: ["s3://", "s3:///a.mp4", "s3://films", "s3://films/"])
    func anAddressThatNamesNoObject(address: String) async throws {
        let bench = try PlanBench()
        try bench.write("cuts.csv", "input,start\n\(address),1\n")
        let result = try await bench.plan([
            "--cuts", "cuts.csv", "--to", "out", "--output", "l.jsonl",
        ])
        #expect(result.status == 64)
        #expect(result.errors.contains("line 2 of cuts.csv"), "\(result.errors)")
        #expect(try Folder.kind(of: bench["l.jsonl"]) == .missing)
    }

    @Test func aListOnStandardOutputHasWholePaths() async throws {
        let bench = try PlanBench()
        try await bench.addClips(2)
        let result = try await bench.plan(["--output", "-"])
        #expect(result.status == 0, "\(result.errors)")
        try bench.write("again.jsonl", result.output)
        let list = try BatchList(bench["again.jsonl"].string)
        #expect(list.count == 2)
        #expect(try list.row(0).output.written == bench["clips/dog_001_masks"].string)
        #expect(result.errors.contains("2 rows with 403 frames"))
    }

    @Test func modelsAreTheSameOnAllMachines() async throws {
        let bench = try PlanBench()
        try await bench.addClips(1)
        let depth = try await bench.rows([
            "--method", "depth", "--set", "steady", "--set", "object=moving", "--set",
            "threshold=90",
        ])
        #expect(depth[0].pins == .init(device: "cpu", precision: "fp32", revision: "1+2"))
        #expect(
            depth[0].settings == [
                "steady": .flag(true), "object": .text("moving"), "threshold": .number(90),
                "model": .text("depth-anything-v2-small"),
            ]
        )
        let sam = try await bench.rows([
            "--method", "sam", "--set", "device=cuda", "--set", "precision=fp16", "--set",
            "model=./m",
        ])
        #expect(sam[0].pins == .init(device: "cuda", precision: "fp16", revision: "1+1"))
        #expect(sam[0].settings == ["model": .text(bench["m"].string)])
    }

    @Test func promptsAreOneFileOrOneForEachClip() async throws {
        let bench = try PlanBench()
        try await bench.addClips(2)
        let text = #"{"v": 1, "prompts": [{"frame": 0, "object": 1, "point": [1, 2]}]}"#
        for name in ["all.json", "p/dog_001.json", "p/dog_002.json"] { try bench.write(name, text) }
        let one = try await bench.rows(["--method", "sam", "--prompts", "all.json"])
        #expect(one.map(\.prompts?.written) == ["all.json", "all.json"])
        #expect(one[0].pins.revision == "1")
        let each = try await bench.rows(["--method", "sam", "--prompts", "p"])
        #expect(each.map(\.prompts?.written) == ["p/dog_001.json", "p/dog_002.json"])
    }

    @Test func masksGoIntoAStore() async throws {
        let bench = try PlanBench()
        try await bench.addClips(1)
        let rows = try await bench.rows(["--to", "s3://bucket/set ü"])
        #expect(rows[0].output.location == .object("s3://bucket/set ü/dog_001-1_masks"))
    }
}

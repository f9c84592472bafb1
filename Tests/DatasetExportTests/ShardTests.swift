import ClipLibrary
import DatasetExport
import DatasetProfiles
import Files
import SystemPackage
import TestSupport
import Testing

/// Archives of clips.
@Suite struct ShardTests {
    @Test func aShardHasTheFilesOfEachClipTogether() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 2)
        try await bench.addClip("cat_001", source: "b", frames: 2)
        try await bench.addMasks(of: id, "sam")
        try await bench.export("webdataset")
        #expect(try bench.files == ["shard-000000.tar"])
        let shard = bench.set.appending("shard-000000.tar")
        let list = try await Program.run("tar", ["-tvf", shard.string, "--utc"])
        #expect(
            list.lines.compactMap { $0.split(separator: " ").last.map(String.init) } == [
                "dog_001.mp4", "dog_001.mask.mp4", "dog_001.json", "cat_001.mp4", "cat_001.json",
            ]
        )
        #expect(list.lines.allSatisfy { $0.hasPrefix("-rw-r--r-- 0/0") }, "\(list.output)")
        #expect(list.lines.allSatisfy { $0.contains("1970-01-01 00:00") })
        let json = try await Program.run("tar", ["-xOf", shard.string, "dog_001.json"])
        #expect(json.output.contains("\"label\":\"dog barking\""))
        // The same clips make the same bytes.
        let bytes = try MaskSet.bytes(of: shard)
        #expect(try await bench.export("webdataset") == 0)
        try await bench.export("webdataset") {
            $0 = DatasetRequest(profile: $0.profile, folder: bench.folder["other"])
        }
        #expect(try MaskSet.bytes(of: bench.folder["other"].appending("shard-000000.tar")) == bytes)
    }

    @Test func shardsOfHundredAndNoneIsMadeTwice() async throws {
        let bench = try DatasetBench()
        for number in 0..<101 { try await bench.addClip("clip_\(number)", start: number) }
        try await bench.export("webdataset") { $0.split = SplitRule("1/0", by: .source) }
        #expect(try bench.files == ["train/shard-000000.tar", "train/shard-000001.tar"])
        try await bench.addClip("clip_101", start: 101)
        // The second shard alone.
        let made = try await bench.export("webdataset") {
            $0.split = SplitRule("1/0", by: .source)
        }
        #expect(made == 1)
        let shard = bench.set.pushing("train/shard-000001.tar")
        let list = try await Program.run("tar", ["-tf", shard.string])
        #expect(list.lines.count == 4)
    }

    @Test func namesWithPointsAreRejected() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog.v2_001")
        let rejections = try await bench.plan("webdataset").plan.rows[0].rejections
        #expect(rejections.map(\.rule) == [.name])
        #expect(rejections[0].why.contains("first point"))
    }

    @Test func longNamesAndOthersThanLatinFit() async throws {
        let bench = try DatasetBench()
        let name = "-" + String(repeating: "ü", count: 100)
        try await bench.addClip(name)
        try await bench.export("webdataset")
        let shard = bench.set.appending("shard-000000.tar")
        let list = try await Program.run(
            "tar",
            ["-tf", shard.string, "--quoting-style=literal"]
        )
        #expect(list.lines == [name + ".mp4", name + ".json"])
    }

    @Test func aCheckLooksIntoShards() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        try await bench.export("webdataset")
        let profile = try #require(DatasetProfile.named("webdataset"))
        let rows = try await DatasetCheck(profile, bench.set, width: 2).run()
        #expect(rows.map(\.row.place) == ["shard-000000.tar/dog_001.mp4"])
        #expect(rows[0].row.label == "dog barking")
        // The clips of the bench are texts.
        #expect(rows[0].rejections.map(\.rule) == [.file])
        try AtomicFile.write("no archive", to: bench.set.appending("shard-000000.tar"))
        await #expect(throws: (any Error).self) {
            try await DatasetCheck(profile, bench.set, width: 2).run()
        }
    }
}

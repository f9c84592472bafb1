import DatasetExport
import DatasetProfiles
import Files
import SystemPackage
import TestSupport
import Testing

/// Data sets in the programs that load them, as PyPI has them.
@Suite(.serialized) struct LoaderTests {
    /// Two clips of one film and one of another, with masks.
    private struct Films {
        let bench: DatasetBench

        init() async throws {
            bench = try DatasetBench()
            for (name, source, label) in [
                ("dog_001", "a", "dog, barking"), ("dog_002", "a", "dog, barking"),
                ("tür_001", "b", "NA"),
            ] {
                let id = try await bench.addClip(
                    name,
                    label: label,
                    source: source,
                    frames: 5,
                    isFilm: true
                )
                try await bench.addMasks(of: id, "sam", objects: 2)
            }
        }

        /// Runs a Python script that prints JSON.
        func load(_ script: String, _ arguments: [String]) async throws -> LocatedJSON {
            let python = TestTools.home.path.appending("loaders").appending("bin")
                .appending("python")
            let result = try await Program.run(
                python.string,
                ["-I", "-c", script] + arguments,
                environment: [
                    "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1",
                    "HF_HOME": bench.folder["hf"].string,
                ]
            )
            try #require(result.status == 0, "\(result.errors)")
            return try LocatedJSON(parsing: Array(result.output.utf8), .strict)
        }
    }

    @Test func huggingFaceDatasetsLoadsTheFolder() async throws {
        let films = try await Films()
        try await films.bench.export("hf") { $0.split = SplitRule("1/0", by: .source) }
        let json = try await films.load(
            """
            import json, os, sys
            from datasets import Video, load_dataset
            rows = load_dataset(sys.argv[1])["train"]
            types = {name: type(kind).__name__ for name, kind in rows.features.items()}
            for name in ("video", "mask"):
                rows = rows.cast_column(name, Video(decode=False))
            rows = [
                {**row, "video": os.path.getsize(row["video"]["path"]),
                 "mask": os.path.basename(row["mask"]["path"])}
                for row in rows
            ]
            print(json.dumps({"rows": rows, "types": types}))
            """,
            [films.bench.set.string]
        )
        #expect(json["types"]?["video"]?.string == "Video")
        #expect(json["types"]?["mask"]?.string == "Video")
        let rows = try #require(json["rows"]?.items)
        #expect(rows.map { $0["label"]?.string } == ["dog, barking", "dog, barking", "NA"])
        #expect(rows.map { $0["mask"]?.string }.last == "tür_001_mask.mp4")
        let clip = films.bench.folder["clips"].appending("dog_001.mp4")
        let bytes = try MaskSet.bytes(of: clip).count
        #expect(rows[0]["video"]?.number == Double(bytes))
    }

    @Test func webDatasetLoadsTheShards() async throws {
        let films = try await Films()
        try await films.bench.export("webdataset")
        let json = try await films.load(
            """
            import json, sys
            import webdataset
            samples = webdataset.WebDataset(sys.argv[1], shardshuffle=False).decode()
            print(json.dumps([
                [sample["__key__"], sorted(name for name in sample if name[0] != "_"),
                 sample["json"]["label"], len(sample["mp4"])]
                for sample in samples
            ]))
            """,
            [films.bench.set.appending("shard-{000000..000000}.tar").string]
        )
        let samples = try #require(json.items)
        #expect(
            samples.map { $0.items?[0].string } == ["dog_001", "dog_002", "tür_001"]
        )
        for sample in samples {
            #expect(sample.items?[1].items?.map(\.string) == ["json", "mask.mp4", "mp4"])
        }
        #expect(samples[2].items?[2].string == "NA")
        let clip = films.bench.folder["clips"].appending("dog_001.mp4")
        #expect(samples[0].items?[3].number == Double(try MaskSet.bytes(of: clip).count))
    }

    @Test func cocoToolsDecodeTheMasks() async throws {
        let films = try await Films()
        try await films.bench.export("coco")
        let json = try await films.load(
            """
            import contextlib, json, os, sys
            from pycocotools import mask
            from pycocotools.coco import COCO
            root = sys.argv[1]
            with contextlib.redirect_stdout(sys.stderr):
                coco = COCO(root + "/annotations/instances_train.json")
            objects = []
            for item in coco.loadAnns(coco.getAnnIds()):
                pixels = coco.annToMask(item)
                runs = mask.encode(pixels.copy(order="F"))
                image = coco.loadImgs(item["image_id"])[0]
                objects.append({
                    "same": runs["counts"].decode() == item["segmentation"]["counts"],
                    "area": int(mask.area(runs)) == item["area"] == int(pixels.sum()),
                    "box": mask.toBbox(runs).tolist() == item["bbox"],
                    "left": int(pixels.any(axis=0).argmax()), "frame": image["frame_id"],
                    "track": item["track_id"], "video": image["video_id"],
                })
            files = [os.path.exists(root + "/train/" + image["file_name"])
                     for image in coco.loadImgs(coco.getImgIds())]
            names = [item["name"] for item in coco.loadCats(coco.getCatIds())]
            print(json.dumps({"objects": objects, "files": files, "names": names}))
            """,
            [films.bench.set.string]
        )
        #expect(json["names"]?.items?.map(\.string) == ["NA", "dog, barking"])
        let files = try #require(json["files"]?.items)
        #expect(files.count == 15 && files.allSatisfy { $0.content == .bool(true) })
        let objects = try #require(json["objects"]?.items)
        // Two objects on each of five frames of three clips.
        #expect(objects.count == 30)
        for object in objects {
            for name in ["same", "area", "box"] {
                #expect(object[name]?.content == .bool(true), "\(name)")
            }
            let (frame, track) = (object["frame"]?.number ?? -1, object["track"]?.number ?? -1)
            // The square of object 1 is a column ahead of the union's, that of object 2 two.
            let number = (track - 1).truncatingRemainder(dividingBy: 2) + 1
            #expect(object["left"]?.number == frame + number)
        }
        #expect(Set(objects.compactMap { $0["track"]?.number }).count == 6)
    }
}

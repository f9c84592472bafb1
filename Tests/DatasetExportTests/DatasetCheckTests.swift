import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// `dataset check` of folders that 8cut did not write.
@Suite struct DatasetCheckTests {
    /// A folder that a test fills.
    private struct Bench {
        let folder: TemporaryFolder
        /// A clip of five frames, of 320 by 64 pixels.
        let clip: FilePath

        init() async throws {
            folder = try TemporaryFolder()
            clip = try await CounterClip.make(folder["clip.mp4"], frames: 5, seconds: 0.2)
        }

        var set: FilePath { folder["set"] }

        /// Copies the clip, each copy with a box of its own that says nothing.
        func add(_ paths: String...) throws {
            for path in paths {
                let box = [0, 0, 0, UInt8(8 + path.utf8.count)] + Array("free".utf8) + path.utf8
                let bytes = try MaskSet.bytes(of: clip) + box
                let path = set.pushing(FilePath(path))
                try Folder.create(path.removingLastComponent())
                try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
            }
        }

        func write(_ text: String, to path: String) throws {
            let path = set.pushing(FilePath(path))
            try Folder.create(path.removingLastComponent())
            try AtomicFile.write(text, to: path)
        }

        /// Writes masks, white where `isWhite` says it.
        func addMasks(
            _ name: String,
            count: Int = 5,
            width: Int = 320,
            white: UInt8 = 255,
            isWhite: (Int) -> Bool = { (100..<140).contains($0 % 320) }
        ) throws {
            try Folder.create(set.appending(name))
            let pixels = (0..<width * 64).map { isWhite($0) ? white : 0 }
            let image = GrayImage(width: width, height: 64, pixels: pixels)
            for frame in 0..<count {
                let file = "frame_\(DatasetBench.digits(frame)).png"
                try PNG.write(image, to: set.appending(name).appending(file))
            }
        }

        func check(_ profile: String) async throws -> [DatasetCheck.Row] {
            let profile = try #require(DatasetProfile.named(profile))
            return try await DatasetCheck(profile, set, width: 2).run()
        }

        /// The reasons of each row.
        func reasons(_ profile: String) async throws -> [String] {
            try await check(profile).map { $0.rejections.map(\.why).joined(separator: "; ") }
        }
    }

    @Test func imagesAreComparedWithTheirClip() async throws {
        let bench = try await Bench()
        let names = ["good", "few", "small", "dim", "none", "colour", "turned"]
        for name in names { try bench.add("\(name).mp4") }
        let items = names.map {
            "{\"path\": \"\($0).mp4\", \"label\": \"dog\", \"masks\": [{\"path\": \"\($0)\"}]}"
        }
        try bench.write("[" + items.joined(separator: ",") + "]", to: "dataset.json")
        try bench.addMasks("good")
        try bench.addMasks("few", count: 4)
        try bench.addMasks("small", width: 160)
        try bench.addMasks("dim", white: 1)
        try bench.addMasks("colour")
        let red = RGBImage(
            width: 320,
            height: 64,
            pixels: [UInt8](repeating: 200, count: 320 * 64 * 3)
        )
        try PNG.write(red, to: bench.set.appending("colour").appending("frame_0003.png"))
        try bench.addMasks("turned", isWhite: { !(100..<140).contains($0 % 320) })
        let rows = try await bench.check("plain")
        let reasons = rows.map { $0.rejections.map(\.why).joined(separator: "; ") }
        #expect(reasons[0].isEmpty && rows[0].warnings.isEmpty, "\(reasons)")
        #expect(reasons[1] == "there are 4 masks for 5 frames")
        #expect(reasons[2] == "its masks have 160x64 pixels, and the clip 320x64")
        #expect(reasons[3] == "no value in its masks is above 1: white is 255")
        #expect(reasons[4] == "there are no masks 'none'")
        #expect(reasons[5].contains("not an 8-bit grey image"))
        #expect(reasons[6].isEmpty && rows[6].warnings.contains { $0.contains("inverted") })
    }

    @Test func masksOfTheWrongPolarityAreRejected() async throws {
        let bench = try await Bench()
        try bench.add("dog.mp4")
        try bench.write(
            "[{\"path\": \"dog.mp4\", \"label\": \"dog\", \"masks\": [{\"path\": \"dog\"}]}]",
            to: "dataset.json"
        )
        try bench.addMasks("dog")
        try bench.write(
            """
            {"schema": 3, "program": {"name": "8cut", "version": "0"}, "complete": true,
            "method": {"name": "sam", "settings": {"invert": true}}, "auxiliary": [],
            "input": {"name": "dog.mp4", "width": 320, "height": 64, "frameRate": "25/1",
            "file": {"bytes": 1, "modified": 1, "headAndTailSHA256": "a"}}, "frameCount": 1,
            "frames": [{"frame": 0, "area": 0.1}]}
            """,
            to: "dog/masks.json"
        )
        let reasons = try await bench.reasons("plain")
        #expect(reasons == ["the object is black in its masks, and has to be white"])
    }

    @Test func maskVideosAreComparedWithTheirClip() async throws {
        let bench = try await Bench()
        try bench.add("train/dog.mp4", "train/cat.mp4")
        for (name, filter) in [("dog", "null"), ("cat", "trim=end_frame=4,scale=160:64")] {
            try await Program.ffmpeg([
                "-i", bench.clip.string, "-vf", filter, "-an", "-c:v", "ffv1",
                bench.set.pushing(FilePath("train/\(name)_mask.mkv")).string,
            ])
        }
        let lines = ["dog", "cat"].map {
            "{\"file_name\": \"\($0).mp4\", \"mask_file_name\": \"\($0)_mask.mkv\", "
                + "\"label\": \"a\"}\n"
        }
        try bench.write(lines.joined(), to: "train/metadata.jsonl")
        let reasons = try await bench.reasons("hf")
        #expect(reasons[0].isEmpty, "\(reasons)")
        #expect(reasons[1].contains("160x64 pixels"))
        #expect(reasons[1].contains("4 masks for 5 frames"))
    }

    /// MMAudio's loader takes the frame that is on screen, at any frame rate.
    @Test func theLastFrameOfAVariableRateCountsByItsTime() async throws {
        let bench = try await Bench()
        try Folder.create(bench.set.appending("videos"))
        for (name, frames) in [("late", "lt(n,20)+eq(n,200)"), ("early", "lt(n,20)+eq(n,180)")] {
            try await Program.ffmpeg(
                ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=8.04", "-f", "lavfi"]
                    + ["-i", CounterClip.tones(seconds: 9), "-vf", "select='\(frames)'", "-t", "9"]
                    + ["-fps_mode", "vfr"] + CounterClip.x264
                    + [
                        "-c:a", "aac",
                        bench.set.appending("videos").appending("\(name).mp4").string,
                    ]
            )
        }
        try bench.write("id\tlabel\nlate\tdog\nearly\tdog\n", to: "train.tsv")
        let reasons = try await bench.reasons("mmaudio-16k")
        #expect(reasons[0].isEmpty, "\(reasons)")
        #expect(reasons[1].hasPrefix("its last frame begins at 7.2 s"), "\(reasons)")
    }

    @Test func everyClipHasARowAndEveryRowAClip() async throws {
        let bench = try await Bench()
        try bench.add("train/dog.mp4", "train/cat.mp4", "train/dog_mask.mp4", "more/cow.mp4")
        let rows = ["dog", "dog", "fox"].map {
            "{\"file_name\": \"\($0).mp4\", \"label\": \"a\"}\n"
        }
        try bench.write(rows.joined(), to: "train/metadata.jsonl")
        let found = try await bench.check("hf")
        let reasons = found.map { $0.rejections.map(\.why).joined(separator: "; ") }
        #expect(
            reasons == [
                "", "line 1 of train/metadata.jsonl has the same clip",
                "there is no clip 'train/fox.mp4'", "no row of a table has this clip",
                "no row of a table has this clip",
            ]
        )
        #expect(found.suffix(2).map(\.row.place) == ["more/cow.mp4", "train/cat.mp4"])
    }

    @Test func theSameClipUnderAnotherNameIsReported() async throws {
        let bench = try await Bench()
        let copies = ["train/dog.mp4", "train/cat.mp4", "validation/cow.mp4"]
        for path in copies {
            let path = bench.set.pushing(FilePath(path))
            try Folder.create(path.removingLastComponent())
            try MaskSet.bytes(of: bench.clip).withUnsafeBytes { try AtomicFile.write($0, to: path) }
        }
        let row = { (name: String) in "{\"file_name\": \"\(name).mp4\", \"label\": \"a\"}\n" }
        try bench.write(row("dog") + row("cat"), to: "train/metadata.jsonl")
        try bench.write(row("cow"), to: "validation/metadata.jsonl")
        let rows = try await bench.check("hf")
        #expect(rows[0].rejections.isEmpty && rows[0].warnings.isEmpty)
        #expect(rows[1].rejections.isEmpty)
        #expect(
            rows[1].warnings
                == ["its clip is the same as that of line 1 of train/metadata.jsonl."]
        )
        #expect(rows[2].rejections.map(\.rule) == [.source])
        #expect(rows[2].rejections[0].why.hasSuffix("train/metadata.jsonl, in another split"))
        #expect(rows[2].rejections[0].remedy?.contains("--split") == true)
    }

    @Test func aTableOfCOCOWithoutVideosIsCheckedImageByImage() async throws {
        let bench = try await Bench()
        let image = GrayImage(width: 4, height: 3, pixels: [UInt8](repeating: 9, count: 12))
        let names = ["good", "list", "polygon", "long", "turned", "area", "foreign", "junk"]
        let folder = bench.set.pushing("images/train")
        try Folder.create(folder)
        for name in names { try PNG.write(image, to: folder.appending(name + ".png")) }
        let runs = RunLengths([2, 4, 6]).text
        func annotation(_ number: Int, _ mask: String, area: Int = 4, category: Int = 1) -> String {
            "{\"id\": \(number), \"image_id\": \(number), \"category_id\": \(category), "
                + "\"area\": \(area), \"segmentation\": \(mask)}"
        }
        func mask(_ counts: String, _ size: String = "[3, 4]") -> String {
            "{\"counts\": \(counts), \"size\": \(size)}"
        }
        let annotations = [
            annotation(1, mask("\"\(runs)\"")), annotation(2, mask("[2, 4, 6]")),
            annotation(3, "[[0, 0, 2, 0, 2, 2]]"), annotation(4, mask("[2, 4, 7]")),
            annotation(5, mask("[2, 4, 6]", "[4, 3]")),
            annotation(6, mask("[2, 4, 6]"), area: 5),
            annotation(7, mask("[2, 4, 6]"), category: 2), annotation(8, mask("\" 0\"")),
        ]
        let images = (names + ["gone", "small"]).enumerated().map { number, name in
            "{\"id\": \(number + 1), \"file_name\": \"\(name).png\", \"width\": 4, "
                + "\"height\": 3}"
        }
        let little = GrayImage(width: 2, height: 3, pixels: [UInt8](repeating: 9, count: 6))
        try PNG.write(little, to: folder.appending("small.png"))
        try bench.write(
            "{\"categories\": [{\"id\": 1, \"name\": \"dog\"}], \"images\": ["
                + images.joined(separator: ",") + "], \"annotations\": ["
                + annotations.joined(separator: ",") + "]}",
            to: "annotations/instances_train.json"
        )
        let reasons = try await bench.reasons("coco")
        #expect(reasons.prefix(3).joined().isEmpty, "\(reasons)")
        #expect(reasons[3].contains("run lengths of 13 pixels, and the image 4x3"))
        #expect(reasons[4].contains("is of 4 and 3 rows and columns"))
        #expect(reasons[5].contains("its area is 5, and its run lengths have 4 pixels"))
        #expect(reasons[6].contains("has a category that the table does not have"))
        #expect(reasons[7].contains("has no run lengths"))
        #expect(reasons[8].contains("there is no image 'train/gone.png'"))
        #expect(reasons[9].contains("has 2x3 pixels, and not 4x3"))
    }

    @Test func avsBenchIsCheckedByItsFramesAndMasks() async throws {
        let bench = try await Bench()
        func image(_ side: Int, _ white: UInt8) -> GrayImage {
            GrayImage(
                width: side,
                height: side,
                pixels: [0, white] + Array(repeating: 0, count: side * side - 2)
            )
        }
        let names = ["good", "first", "few", "grey", "small"]
        for name in names {
            let frames = bench.set.pushing(
                FilePath("s4_data/visual_frames/val/dog/\(name)")
            )
            let masks = bench.set.pushing(
                FilePath("s4_data/gt_masks/val/dog/\(name)")
            )
            for folder in [frames, masks] { try Folder.create(folder) }
            for number in 1...5 {
                let file = "\(name)_\(number).png"
                try PNG.write(image(224, 200), to: frames.appending(file))
                if name == "few", number == 5 { continue }
                let mask = image(name == "small" ? 100 : 224, name == "grey" ? 128 : 255)
                try PNG.write(mask, to: masks.appending(file))
            }
            try bench.write("", to: "s4_data/audio_log_mel/val/dog/\(name).pkl")
        }
        let rows = names.map { "\($0),0,dog,val\n" }
        try bench.write("name,start_time,category,split\n" + rows.joined(), to: "s4_meta_data.csv")
        let reasons = try await bench.reasons("avsbench")
        // There are no clips, which the loader does not read.
        #expect(reasons.prefix(2).joined().isEmpty, "\(reasons)")
        #expect(reasons[2].contains("there is no mask 's4_data/gt_masks/val/dog/few/few_5.png'"))
        #expect(reasons[3].contains("has the value 128"))
        #expect(reasons[4].contains("has 100x100 pixels, and not 224x224"))
    }

    @Test func aSourceIsInOneSplit() async throws {
        let bench = try await Bench()
        try bench.add("train/dog.mp4", "validation/cat.mp4", "validation/cow.mp4")
        let row = { (name: String, source: String) in
            "{\"file_name\": \"\(name).mp4\", \"label\": \"a\", \"source\": \"\(source)\"}\n"
        }
        try bench.write(row("dog", "a.mp4"), to: "train/metadata.jsonl")
        try bench.write(
            row("cat", "a.mp4") + row("cow", "b.mp4"),
            to: "validation/metadata.jsonl"
        )
        let reasons = try await bench.reasons("hf")
        #expect(reasons[0].isEmpty && reasons[2].isEmpty, "\(reasons)")
        #expect(reasons[1].contains("in another split too: line 1 of train/metadata.jsonl"))
    }

    @Test(
        arguments: [
            ("mmaudio-16k", "train.tsv", "id\tlabel\na\tb\tc\n", "line 2 has 3 cells"),
            ("mmaudio-16k", "train.tsv", "id\tlabel\na\t\"b\n", "quotation mark"),
            ("mmaudio-16k", "train.tsv", "name\tlabel\na\tb\n", "no column 'id'"),
            ("mmaudio-16k", "other.txt", "", "no such file"),
            ("hf", "train/metadata.jsonl", "{\"file\": 1}\n", "line 1 has no file_name"),
            ("hf", "train/metadata.jsonl", "{\"file_name\"\n", "line 1 is no JSON"),
            ("plain", "dataset.json", "{}", "no JSON list"),
            ("plain", "dataset.json", "[{}]", "has no path"),
        ]
    )
    func aDamagedTableIsAnError(
        profile: String,
        file: String,
        text: String,
        why: String
    ) async throws {
        let bench = try await Bench()
        try bench.write(text, to: file)
        let error = await #expect(throws: EightCutError.self) { try await bench.check(profile) }
        #expect(error?.code == .inputUnusable && error?.why.contains(why) == true)
    }

    @Test func aTableThatIsNotUTF8IsAnError() async throws {
        let bench = try await Bench()
        try Folder.create(bench.set)
        let latin: [UInt8] = Array("id\tlabel\na\tb".utf8) + [0xE9, 0x0A]
        try latin.withUnsafeBytes {
            try AtomicFile.write($0, to: bench.set.appending("train.tsv"))
        }
        let error = await #expect(throws: EightCutError.self) {
            try await bench.check("mmaudio-16k")
        }
        #expect(error?.why.contains("not UTF-8") == true)
    }
}

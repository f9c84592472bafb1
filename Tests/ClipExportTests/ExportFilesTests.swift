import ClipLibrary
import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Names, numbers, lists and warnings.
@Suite(.serialized) struct ExportFilesTests {
    private static let video = Task {
        let folder = try TemporaryFolder()
        let path = try await CounterClip.make(folder["video.mp4"], frames: 300, seconds: 12)
        return (folder, path)
    }

    private func video() async throws -> FilePath { try await Self.video.value.1 }

    @Test func numbersGoOnFromWhatIsThere() async throws {
        let bench = try ExportBench()
        try Folder.create(bench.clips.appending("clip_004_masks"))
        try AtomicFile.write("other", to: bench.clips.appending("dog_100.mp4"))
        let video = try await video()
        for _ in 0..<2 { _ = try await bench.export(video, "1", ["--duration", "1"]) }
        _ = try await bench.export(video, "1", ["--duration", "1", "--name", "dog"])
        #expect(
            try bench.names
                == ["clip_004_masks", "clip_005.mp4", "clip_006.mp4", "dog_100.mp4", "dog_101.mp4"]
        )
        let text = try MaskSet.bytes(of: bench.clips.appending("dog_100.mp4"))
        #expect(text == Array("other".utf8))
        #expect(try Folder.names(in: bench.clips).allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func overlappingClipsShareANumber() async throws {
        let bench = try ExportBench()
        let result = try await bench.export(
            try await video(),
            "1.01",
            ["--duration", "2", "--count", "4", "--spread", "0.5"]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(try bench.names == (0..<4).map { "clip_001_\($0).mp4" })
        let source = try await DecodedClip(try await video())
        for (number, first) in [25, 37, 50, 62].enumerated() {
            let clip = try await DecodedClip(bench.clips.appending("clip_001_\(number).mp4"))
            #expect(clip.numbers == Array(first..<first + 50))
            expectAudio(clip, of: source, from: first * 1920, count: 96_000)
        }
        let list = try DatasetFile(in: bench.clips).entries()
        #expect(list.map(\.start).sorted() == [1, 1.48, 2, 2.48])
    }

    @Test func aDryRunWritesNothingAndCanBePasted() async throws {
        let bench = try ExportBench()
        let name = "it's \"a\" $HOME `dog`"
        let options = ["--duration", "1", "--dry-run", "--name", name]
        let result = try await bench.export(try await video(), "2", options)
        #expect(result.status == 0 && result.lines.count == 1)
        #expect(access(bench.clips.string, F_OK) != 0)
        #expect(access(bench.home.string, F_OK) != 0)
        try Folder.create(bench.clips)
        let shell = try await Program.run("sh", ["-c", result.lines[0]])
        #expect(shell.status == 0, "\(shell.errors)")
        let clip = try await DecodedClip(bench.clips.appending(name + "_001.mp4"))
        #expect(clip.numbers == Array(50..<75))
        // The real run makes the same bytes.
        _ = try await bench.export(try await video(), "2", Array(options.dropLast(3)))
        let name1 = bench.clips.appending("clip_001.mp4")
        let same = try MaskSet.bytes(of: name1)
        #expect(try MaskSet.bytes(of: bench.clips.appending(name + "_001.mp4")) == same)
    }

    @Test func labelsGoIntoBothLists() async throws {
        let bench = try ExportBench()
        let video = try await video()
        let labels = ["--label", "dog, \"barking\"", "--category", "Animal"]
        _ = try await bench.export(video, "1", ["--duration", "1"] + labels)
        let entry = try #require(try DatasetFile(in: bench.clips).entries().first)
        #expect(entry.label == "dog, \"barking\"" && entry.category == "Animal")
        #expect(entry.path == "clip_001.mp4" && entry.source == video.string && entry.start == 1)
        let found = try await bench.run(["library", "find", "BARK", "--csv"])
        #expect(found.lines.count == 2 && found.lines[1].contains("\"dog, \"\"barking\"\"\""))
        let relabelled = try await bench.run(["library", "relabel", "1", "--label", "cat"])
        #expect(relabelled.status == 0, "\(relabelled.errors)")
        #expect(try DatasetFile(in: bench.clips).entries().map(\.label) == ["cat"])
        #expect(try await bench.run(["library", "check"]).status == 0)
    }

    @Test func cuttingAgainInPlaceMakesMasksStale() async throws {
        let bench = try ExportBench()
        let video = try await video()
        _ = try await bench.export(video, "1", ["--duration", "1", "--label", "dog"])
        let path = bench.clips.appending("clip_001.mp4")
        let masks = try await bench.run(["masks", "saliency", "--clip", "1"])
        #expect(masks.status == 0, "\(masks.errors)")
        let listed = try DatasetFile(in: bench.clips).entries()[0]
        #expect(listed.masks.map(\.path) == ["clip_001_masks"])
        try await expectConfidence(bench, listed)

        let again = try await bench.run(["export", "--replace", "1", "--start", "@80"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try await DecodedClip(path).numbers == Array(80..<105))
        #expect(try bench.names == ["clip_001.mp4", "clip_001_masks"])
        let entry = try DatasetFile(in: bench.clips).entries()[0]
        #expect(entry.start == 3.2 && entry.masks.isEmpty && entry.label == "dog")
        let shown = try await bench.run(["library", "show", "1"])
        #expect(shown.output.contains("of an earlier cut"), "\(shown.output)")
        #expect(try await bench.run(["library", "check"]).status == 0)
        // A clip that is not known, and one whose name would change.
        #expect(try await bench.run(["export", "--replace", "9"]).status == 66)
        let other = try await bench.run(["export", "--replace", "1", "--audio", "pcm"])
        #expect(other.status == 64 && other.errors.contains("clip_001.mkv"))
        #expect(try await DecodedClip(path).numbers == Array(80..<105))
    }

    /// The manifest, the list of clips and the library have the same confidence.
    private func expectConfidence(_ bench: ExportBench, _ listed: DatasetEntry) async throws {
        let folder = bench.clips.appending("clip_001_masks")
        let manifest = try MaskManifest(readingFrom: folder.appending(MaskManifest.fileName))
        let confidence = try #require(manifest.confidence)
        #expect(listed.masks.map(\.confidence) == [confidence])
        let shown = try await bench.run(["library", "show", "1"])
        #expect(shown.output.contains("confidence \(confidence)"), "\(shown.output)")
        for command in [["library", "show", "1"], ["library", "list"], ["library", "export"]] {
            let json = try await bench.run(command + ["--json"]).output
            let member = "\"confidence\" : " + (try JSONText.line(confidence))
            #expect(json.contains(member), "\(json)")
        }
    }

    @Test func aRepeatedClipGivesAWarning() async throws {
        let bench = try ExportBench()
        let video = try await video()
        _ = try await bench.export(video, "2", ["--duration", "1"])
        let near = try await bench.export(video, "2.48", ["--duration", "1"])
        #expect(near.status == 0 && near.errors.contains("repeats clip 1"), "\(near.errors)")
        let far = try await bench.export(video, "3.2", ["--duration", "1"])
        #expect(!far.errors.contains("repeats"))
        // The same video under another name is the same video.
        let copy = bench.folder["copy.mp4"]
        _ = try await Program.run("cp", [video.string, copy.string])
        let copied = try await bench.export(copy, "2.2", ["--duration", "1"])
        #expect(copied.errors.contains("repeats clip 1"))
    }

    @Test func silenceAndAudioThatEndsEarlyGiveWarnings() async throws {
        let bench = try ExportBench()
        let video = bench.folder["video.mp4"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", CounterClip.frames(rate: "25", frames: 150), "-f", "lavfi", "-i",
            "sine=f=440:d=2,volume='if(lt(t,1),0.0001,1)':eval=frame", "-c:v", "libx264", "-preset",
            "ultrafast", video.string,
        ])
        let silent = try await bench.export(video, "0", ["--duration", "0.9"])
        #expect(silent.errors.contains("is silent"), "\(silent.errors)")
        let loud = try await bench.export(video, "1.1", ["--duration", "0.8"])
        #expect(loud.status == 0 && loud.errors.isEmpty, "\(loud.errors)")
        let ending = try await bench.export(video, "1.5", ["--duration", "2"])
        #expect(ending.errors.contains("audio ends 1.5 s before the video"), "\(ending.errors)")
        let after = try await bench.cut(video, "3", ["--duration", "2"], file: "clip_004.mp4")
        #expect(after.samples.count >= 88_200 && after.samples.allSatisfy { $0 == 0 })
    }

    @Test func aListOfCuts() async throws {
        let bench = try ExportBench()
        let video = try await video()
        _ = try await Program.run("cp", [video.string, bench.folder["my video.mp4"].string])
        try AtomicFile.write(
            """
            start,input,name,duration,label,category
            0:01,my video.mp4,dog,1,"barking, loud",Animal
            @100,,,,,
            3.5,\(video.string),dog,,,

            """,
            to: bench.folder["cuts.csv"]
        )
        let arguments = [
            "export", "--list", bench.folder["cuts.csv"].string, "--to", bench.clips.string,
            "--input", video.string, "--name", "other", "--duration", "2", "--label", "none",
            "--preset", "ultrafast",
        ]
        let result = try await bench.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try bench.names == ["dog_001.mp4", "dog_002.mp4", "other_001.mp4"])
        let entries = try DatasetFile(in: bench.clips).entries()
        let labels = Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0.label) })
        #expect(labels["dog_001.mp4"] == "barking, loud")
        #expect(labels["dog_002.mp4"] == "none" && labels["other_001.mp4"] == "none")
        let clip = try await DecodedClip(bench.clips.appending("other_001.mp4"))
        #expect(clip.numbers == Array(100..<150))
        #expect(try await DecodedClip(bench.clips.appending("dog_001.mp4")).numbers.count == 25)

        // An error in the last line is reported before anything is cut.
        for (line, why) in [
            ("x,,,,,", "'x' is no start"), (",,a,,,", "it has no start"),
            ("1,none.mp4,,,,", "line 2"),
            ("11.9,,,,,", "past the end"), ("1,,a/b,,,", "slashes"),
        ] {
            try AtomicFile.write(
                "start,input,name,duration,label,category\n\(line)\n",
                to: bench.folder["cuts.csv"]
            )
            let refused = try await bench.run(arguments)
            #expect(refused.status != 0)
            #expect(refused.errors.contains(why), "\(refused.errors)")
        }
        #expect(try bench.names.count == 3)
    }

    @Test func aHardwareEncoderThatDoesNotWorkIsReplaced() async throws {
        let bench = try ExportBench()
        let video = try await video()
        for (number, encoder) in ["vaapi", "qsv"].enumerated() {
            let result = try await bench.export(
                video,
                "1",
                ["--duration", "1", "--encoder", encoder]
            )
            #expect(result.status == 0, "\(result.errors)")
            if access("/dev/dri/renderD128", F_OK) != 0 {
                #expect(result.errors.contains("\(encoder) does not work here"))
                #expect(result.errors.contains("x264 encodes instead"))
            }
            let file = bench.clips.appending("clip_00\(number + 1).mp4")
            #expect(try await DecodedClip(file).numbers == Array(25..<50))
        }
    }

    @Test func masksNeverOpenTheLibraryForAFile() async throws {
        let bench = try ExportBench()
        let clip = try await Clip.make(bench.folder["clip.mp4"], size: (64, 48))
        let result = try await bench.run(["masks", "saliency", "--input", clip.string])
        #expect(result.status == 0, "\(result.errors)")
        #expect(access(bench.home.string, F_OK) != 0)
        // Nor when it could not.
        try Samples.damagedLibrary(in: bench.home)
        let again = try await bench.run([
            "masks", "saliency", "--input", clip.string, "--output", bench.folder["m"].string,
        ])
        #expect(again.status == 0, "\(again.errors)")
        let last = try await bench.run(["masks", "saliency", "--last"])
        #expect(last.status == 73 && last.errors.contains("library.sqlite"), "\(last.errors)")
        let both = try await bench.run(["masks", "saliency", "--last", "--input", clip.string])
        #expect(both.status == 64)
    }

    private enum Samples {
        static func damagedLibrary(in home: FilePath) throws {
            try Folder.create(home)
            try AtomicFile.write(
                String(repeating: "x", count: 9000),
                to: home.appending(Library.fileName)
            )
        }
    }
}

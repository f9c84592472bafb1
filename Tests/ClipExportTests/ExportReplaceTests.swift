import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What `export --replace` keeps, and what it refuses.
@Suite(.serialized) struct ExportReplaceTests {
    private static let video = Task {
        let folder = try TemporaryFolder()
        let path = try await CounterClip.make(folder["video.mp4"], frames: 150, seconds: 6)
        return (folder, path)
    }

    private func makeBench(_ options: [String] = []) async throws -> ExportBench {
        let bench = try ExportBench()
        let result = try await bench.export(
            try await Self.video.value.1,
            "1",
            ["--duration", "0.4", "--name", "a"] + options
        )
        try #require(result.status == 0, "\(result.errors)")
        return bench
    }

    @Test func filesOfOthersInAClipOfImagesAreNotLost() async throws {
        let bench = try await makeBench(["--format", "png"])
        let notes = bench.clips.appending("a_001").appending("notes.txt")
        try AtomicFile.write("mine", to: notes)
        let before = try Folder.names(in: bench.clips.appending("a_001"))
        let result = try await bench.run(["export", "--replace", "1", "--start", "0.5"])
        #expect(result.status == 73 && result.errors.contains("notes.txt"), "\(result.errors)")
        #expect(try Folder.names(in: bench.clips.appending("a_001")) == before)
        unlink(notes.string)
        let again = try await bench.run(["export", "--replace", "1", "--start", "0.5"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try bench.names == ["a_001", "a_001.wav"])
        #expect(try Folder.names(in: bench.clips).allSatisfy { !$0.hasPrefix(".") })
        #expect(try await bench.run(["library", "check"]).status == 0)
    }

    @Test func theClipItselfIsNoSource() async throws {
        let bench = try await makeBench()
        let clip = bench.clips.appending("a_001.mp4")
        let before = try MaskSet.bytes(of: clip)
        symlink(clip.string, bench.folder["link.mp4"].string)
        link(clip.string, bench.folder["hard.mp4"].string)
        for input in [
            clip.string, bench.folder["link.mp4"].string, bench.folder["hard.mp4"].string,
            bench.clips.string + "/../clips/a_001.mp4",
        ] {
            let result = try await bench.run([
                "export", "--replace", "1", "-i", input, "--start", "0", "--duration", "0.2",
            ])
            #expect(result.status == 64, "\(input): \(result.errors)")
            #expect(try MaskSet.bytes(of: clip) == before)
        }
    }

    @Test func aListThatIsNoPlainFileIsRefusedBeforeAnythingIsCut() async throws {
        let bench = try await makeBench()
        let list = bench.clips.appending(DatasetFile.fileName)
        unlink(list.string)
        let precious = bench.folder["precious"]
        try AtomicFile.write("[]", to: precious)
        for make in [
            { mkfifo(list.string, 0o600) }, { symlink(precious.string, list.string) },
            { symlink("/dev/zero", list.string) },
        ] {
            #expect(make() == 0)
            let result = try await bench.export(
                try await Self.video.value.1,
                "1",
                ["--duration", "0.4"]
            )
            #expect(result.status == 73 && result.errors.contains("dataset.json"))
            #expect(try MaskSet.bytes(of: precious) == Array("[]".utf8))
            unlink(list.string)
        }
        #expect(try bench.names == ["a_001.mp4"])
    }

    @Test func leftoversOfKilledExportsAreSweptWithoutFilesOfOthers() async throws {
        let bench = try await makeBench()
        let video = bench.clips.appending(".8cut-tmp-clip-1-a_009.mp4")
        try AtomicFile.write("half", to: video)
        let images = bench.clips.appending(".8cut-tmp-clip-2-b_001")
        for name in ["frame_0001.png", ".8cut-frames.json", "photo.jpg"] {
            try Folder.create(images)
            try AtomicFile.write("x", to: images.appending(name))
        }
        let pipe = bench.clips.appending(".8cut-tmp-clip-3-c_001.mp4")
        #expect(mkfifo(pipe.string, 0o600) == 0)
        let result = try await bench.export(
            try await Self.video.value.1,
            "1",
            ["--duration", "0.4", "--name", "a"]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(access(video.string, F_OK) != 0)
        #expect(try Folder.names(in: images) == ["photo.jpg"])
        #expect(access(pipe.string, F_OK) == 0)
    }

    @Test func aFolderNamedInARoundaboutWayIsTheSameFolder() async throws {
        let bench = try await makeBench()
        let video = try await Self.video.value.1
        for to in ["clips/../clips", "./clips", "home/../clips/."] {
            let result = try await bench.run([
                "export", "-i", video.string, "--start", "1", "--duration", "0.4", "--name", "a",
                "--to", to, "--preset", "ultrafast", "-q",
            ])
            #expect(result.status == 0, "\(to): \(result.errors)")
            let listed = try await bench.run(["library", "list", "--folder", to, "--csv"])
            #expect(listed.errors.isEmpty, "\(listed.errors)")
        }
        let listed = try await bench.run(["library", "list", "--folder", "./clips", "--csv"])
        #expect(listed.lines.count == 5, "\(listed.output)")
        #expect(try bench.names.count == 4)
        #expect(try await bench.run(["library", "check", "clips/."]).status == 0)
    }
}

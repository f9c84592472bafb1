import ClipLibrary
import Files
import GRDB
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Deleting clips takes what 8cut made, and nothing else.
@Suite(.serialized) struct ClipDeletionTests {
    private static let video = Task {
        let folder = try TemporaryFolder()
        let path = try await CounterClip.make(folder["video.mp4"], frames: 75, seconds: 3)
        return (folder, path)
    }

    /// A folder with one clip of half a second.
    private func makeBench(_ options: [String] = [], name: String = "a") async throws
        -> ExportBench
    {
        let bench = try ExportBench()
        let result = try await bench.export(
            try await Self.video.value.1,
            "1",
            ["--duration", "0.4", "--name", name] + options
        )
        try #require(result.status == 0, "\(result.errors)")
        return bench
    }

    private func write(_ path: FilePath, _ text: String = "mine") throws {
        try Folder.create(path.removingLastComponent())
        try AtomicFile.write(text, to: path)
    }

    private func execute(_ sql: String, in bench: ExportBench) throws {
        let queue = try DatabaseQueue(path: bench.home.appending("library.sqlite").string)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test(arguments: [true, false])
    func aFolderOfMasksWithOtherFilesStays(permanently: Bool) async throws {
        let bench = try await makeBench()
        let masks = try await bench.run(["masks", "saliency", "--last", "--quiet"])
        #expect(masks.status == 0, "\(masks.errors)")
        let folder = bench.clips.appending("a_001_masks")
        let photo = folder.appending("family").appending("photo")
        try write(photo)
        try write(folder.appending("frame_9999.png"))
        let result = try await bench.run(
            ["library", "delete", "1"] + (permanently ? ["--permanently"] : [])
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("a_001_masks' stays"), "\(result.errors)")
        #expect(result.errors.contains("family"), "\(result.errors)")
        #expect(try bench.names == ["a_001_masks"])
        #expect(try Folder.names(in: folder) == ["family", "frame_9999.png"])
        #expect(try MaskSet.bytes(of: photo) == Array("mine".utf8))
        #expect(try DatasetFile(in: bench.clips).paths() == [])
        #expect(try await bench.run(["library", "list", "--csv"]).lines.count == 1)
    }

    /// Masks whose folder is the one of all clips.
    @Test func theFolderOfAllClipsStays() async throws {
        let bench = try await makeBench()
        let masks = try await bench.run(["masks", "saliency", "--last", "--quiet"])
        #expect(masks.status == 0, "\(masks.errors)")
        let folder = bench.clips.appending("a_001_masks")
        for name in try Folder.names(in: folder) {
            try AtomicFile.rename(folder.appending(name), to: bench.clips.appending(name))
        }
        rmdir(folder.string)
        try execute("UPDATE maskRun SET path = '\(bench.clips.string)'", in: bench)
        try write(bench.clips.appending("b_001.mp4"))
        try write(bench.clips.appending("family").appending("photo"))
        let result = try await bench.run(["library", "delete", "1", "--permanently"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try bench.names == ["b_001.mp4", "family"])
    }

    @Test(arguments: [true, false])
    func imagesGoAndOtherFilesBesideThemStay(permanently: Bool) async throws {
        let bench = try await makeBench(["--format", "png"], name: "v1.5")
        let folder = bench.clips.appending("v1.5_001")
        let other = Array("x".utf8CString.dropLast()) + [CChar(bitPattern: 0xff), 0]
        let odd = try #require(FilePath.Component(platformString: other))
        try OpenFolder(folder).write("mine", to: odd)
        try write(folder.appending("frame_0900.png"))
        let result = try await bench.run(
            ["library", "delete", "1"] + (permanently ? ["--permanently"] : [])
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("v1.5_001' stays"), "\(result.errors)")
        #expect(try bench.names == ["v1.5_001"])
        #expect(try OpenFolder(folder).names().count == 2)
    }

    @Test func aClipOfImagesWhoseNameHasADotGoesWithItsAudio() async throws {
        let bench = try await makeBench(["--format", "webp"], name: "v1.5")
        #expect(try bench.names == ["v1.5_001", "v1.5_001.wav"])
        let again = try await bench.run([
            "export", "--replace", "1", "--start", "1.2", "--preset", "ultrafast",
        ])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try bench.names == ["v1.5_001", "v1.5_001.wav"])
        let result = try await bench.run(["library", "delete", "1", "--permanently"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try bench.names == [])
    }

    /// A database that others have made says what it likes about paths.
    @Test func pathsOfOthersAreNotDeleted() async throws {
        let bench = try await makeBench()
        let precious = bench.folder["p"].appending("f")
        try write(precious)
        let clip = bench.clips.appending("a_001.mp4")
        let copy = bench.folder["x_001.mp4"]
        try write(copy)
        try write(bench.folder["p_001"].appending("frame_0001.png"))
        let files = [precious, copy, bench.folder["p_001"].appending("frame_0001.png"), clip]
        let before = try files.map { try MaskSet.bytes(of: $0) }
        for path in [bench.folder["p"].string, copy.string, bench.folder["p_001"].string] {
            try execute("UPDATE clip SET path = '\(path)'", in: bench)
            let result = try await bench.run(["library", "delete", "1", "--permanently"])
            #expect(result.status == 73, "\(path): \(result.errors)")
            #expect(try files.map { try MaskSet.bytes(of: $0) } == before, "\(path)")
        }
        // Of a record that makes no sense nothing but the record goes.
        try execute("UPDATE clip SET path = '\(clip.string)/../../p'", in: bench)
        let listed = try await bench.run(["library", "list", "--json"])
        #expect(listed.status == 0 && listed.errors.contains("damaged"), "\(listed.errors)")
        let result = try await bench.run(["library", "delete", "1", "--permanently"])
        #expect(result.status == 0 && result.errors.contains("stay"), "\(result.errors)")
        #expect(try files.map { try MaskSet.bytes(of: $0) } == before)
    }

    @Test func numbersThatNoClipHasAreNamed() async throws {
        let bench = try await makeBench()
        for (column, value) in [
            ("start", "9223372036854775807"), ("start", "-9223372036854775808"),
            ("duration", "9e999"), ("duration", "1e308"), ("frameCount", "-1"), ("width", "'x'"),
            ("cutAt", "-9e999"),
        ] {
            try execute("UPDATE clip SET \(column) = \(value)", in: bench)
            for command in [["list"], ["list", "--json"], ["export", "--csv"], ["find", "a"]] {
                let result = try await bench.run(["library"] + command)
                #expect(result.status == 0, "\(column) \(command): \(result.errors)")
                #expect(result.errors.contains("damaged: \(column)"), "\(result.errors)")
            }
            for command in [["library", "show", "1"], ["export", "--replace", "1"]] {
                let result = try await bench.run(command)
                #expect(result.status == 73 && result.errors.contains(column), "\(result.errors)")
            }
            let check = try await bench.run(["library", "check"])
            #expect(check.status == 6, "\(check.output)\(check.errors)")
            let valid = [
                "start": "1000000000", "duration": "0.4", "frameCount": "10", "width": "320",
            ]
            try execute("UPDATE clip SET \(column) = \(valid[column] ?? "1")", in: bench)
        }
        #expect(try await bench.run(["library", "show", "1"]).status == 0)
    }

    @Test func masksOfOthersAreNotDeleted() async throws {
        let bench = try await makeBench()
        let other = bench.folder["other.mp4"]
        _ = try await Program.run("cp", [try await Self.video.value.1.string, other.string])
        let masks = try await bench.run(["masks", "saliency", "-i", other.string, "--quiet"])
        #expect(masks.status == 0, "\(masks.errors)")
        let folder = bench.folder["other_masks"]
        let before = try Folder.names(in: folder)
        symlink(folder.string, bench.clips.appending("link_masks").string)
        for (place, path) in [
            folder.string, bench.clips.appending("../other_masks").string,
            bench.clips.appending("link_masks").string, bench.folder["nothing"].string,
        ].enumerated() {
            try execute(
                """
                INSERT INTO maskRun (clipId, method, path, settings, frameCount, madeAt)
                VALUES (1, 'saliency', '\(path)', '{}', 75, \(place))
                """,
                in: bench
            )
        }
        let result = try await bench.run(["library", "delete", "1", "--permanently"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try Folder.names(in: folder) == before)
        #expect(try bench.names == ["link_masks"])
    }

    @Test func aChangedClipIsNotDeleted() async throws {
        let bench = try await makeBench()
        let clip = bench.clips.appending("a_001.mp4")
        try write(clip, "edited by hand")
        for command in [
            ["library", "delete", "1", "--permanently"], ["export", "--replace", "1"],
        ] {
            let result = try await bench.run(command)
            #expect(
                result.status == 73 && result.errors.contains("has changed"),
                "\(result.errors)"
            )
            #expect(try MaskSet.bytes(of: clip) == Array("edited by hand".utf8))
        }
        #expect(try await bench.run(["library", "check", "--fix"]).status == 0)
        #expect(try await bench.run(["library", "delete", "1", "--permanently"]).status == 0)
        #expect(try bench.names == [])
    }

    @Test func severalClipsAreForgottenTogether() async throws {
        let bench = try await makeBench()
        let more = try await bench.export(
            try await Self.video.value.1,
            "2",
            ["--duration", "0.4", "--name", "a"]
        )
        #expect(more.status == 0, "\(more.errors)")
        // The second one is in the way, so the first one stays known, and the command can be given
        // again.
        let second = bench.clips.appending("a_002.mp4")
        unlink(second.string)
        try Folder.create(second)
        let refused = try await bench.run(["library", "delete", "1", "2", "--permanently"])
        #expect(refused.status == 73, "\(refused.errors)")
        #expect(try bench.names == ["a_001.mp4", "a_002.mp4"])
        rmdir(second.string)
        let result = try await bench.run(["library", "delete", "1", "2", "--permanently"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try bench.names == [] && DatasetFile(in: bench.clips).paths() == [])
    }
}

import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A folder is the same folder however it is typed, and a video the same video wherever it is.
@Suite struct FolderIdentityTests {
    private func makeVideo(_ path: FilePath) async throws {
        try Folder.create(path.removingLastComponent())
        try await CounterClip.make(path, frames: 75, seconds: 3)
    }

    private func export(
        _ bench: ExportBench,
        in folder: FilePath,
        _ input: String,
        to: String,
        _ more: [String] = []
    ) async throws {
        let result = try await Program.run8cut(
            [
                "export", "-q", "-i", input, "--start", "1", "--duration", "0.4", "--to", to,
                "--name", "a", "--preset", "ultrafast",
            ] + more,
            environment: bench.environment,
            in: folder
        )
        try #require(result.status == 0, "\(to): \(result.errors)")
    }

    @Test func allWaysToAFolderLeadToOne() async throws {
        let bench = try ExportBench()
        let work = bench.folder["w"]
        try Folder.create(work.appending("tmp"))
        try await makeVideo(work.appending("video.mp4"))
        #expect(symlink("clips", work.appending("link").string) == 0)
        let inner = work.appending("tmp")
        try await export(bench, in: inner, "../video.mp4", to: "../clips", ["--label", "dog"])
        try await export(bench, in: work.appending("clips"), "../video.mp4", to: ".")
        try await export(bench, in: work, "video.mp4", to: "link")
        try await export(bench, in: work, "tmp/../video.mp4", to: "clips//")
        #expect(rmdir(inner.string) == 0)
        for folder in ["clips", "./clips/.", "link", "link/../clips"] {
            let listed = try await Program.run8cut(
                ["library", "list", "--csv", "--folder", folder],
                environment: bench.environment,
                in: work
            )
            #expect(listed.lines.count == 5, "\(folder): \(listed.output)")
        }
        let check = try await bench.run(["library", "check", "w/link"])
        #expect(check.status == 0 && check.output == "all is as it should be\n", "\(check.output)")
        let entries = try DatasetFile(in: work.appending("clips")).entries()
        #expect(entries.map(\.path) == (1...4).map { "a_00\($0).mp4" })
        #expect(Set(entries.map(\.source)) == [LibraryPath.plain(work).string + "/video.mp4"])
        let again = try await bench.run(["export", "--replace", "3", "--preset", "ultrafast"])
        #expect(again.status == 0, "\(again.errors)")
        let deleted = try await bench.run(["library", "delete", "1", "--permanently"])
        #expect(deleted.status == 0, "\(deleted.errors)")
        #expect(try DatasetFile(in: work.appending("link")).entries().count == 3)
    }

    /// The folder goes to another disk, and a link takes its place.
    @Test func aFolderThatIsBehindALinkNowKeepsItsClips() async throws {
        let bench = try ExportBench()
        let video = bench.folder["video.mp4"]
        try await makeVideo(video)
        try await export(bench, in: bench.folder.path, video.string, to: "clips")
        #expect(rename(bench.clips.string, bench.folder["other"].string) == 0)
        #expect(symlink("other", bench.clips.string) == 0)
        let listed = try await bench.run(["library", "list", "--csv", "--folder", "other"])
        #expect(listed.lines.count == 2, "\(listed.output)")
        #expect(try await bench.run(["library", "check"]).status == 0)
    }

    @Test func aVideoThatWasMovedIsOneSource() async throws {
        let bench = try ExportBench()
        let (video, archive) = (bench.folder["video.mp4"], bench.folder["archive/video 2.mp4"])
        try await makeVideo(video)
        try Folder.create(archive.removingLastComponent())
        for to in ["clips", "more"] {
            try await export(bench, in: bench.folder.path, "video.mp4", to: to)
        }
        #expect(rename(video.string, archive.string) == 0)
        try await export(bench, in: bench.folder.path, archive.string, to: "clips")
        for folder in ["clips", "more"] {
            let sources = try DatasetFile(in: bench.folder[folder]).entries().map(\.source)
            #expect(Set(sources) == [LibraryPath.plainFile(archive).string], "\(folder)")
        }
        let check = try await bench.run(["library", "check"])
        #expect(check.status == 0 && check.output == "all is as it should be\n", "\(check.output)")
        let found = try await bench.run(["library", "find", "VIDEO 2", "--csv"])
        #expect(found.lines.count == 4, "\(found.output)")
    }

    /// What cannot be read is never set aside without a word.
    @Test func aDamagedListIsNamedAlsoWhenQuiet() async throws {
        let bench = try ExportBench()
        let video = bench.folder["video.mp4"]
        try await makeVideo(video)
        let list = bench.clips.appending(DatasetFile.fileName)
        try Folder.create(bench.clips)
        let arguments = [
            "export", "-i", video.string, "--start", "1", "--duration", "0.4", "--to", "clips",
            "--name", "a", "--preset", "ultrafast",
        ]
        for (more, number) in [(["-q"], 1), (["-q", "--progress", "json"], 2)] {
            try AtomicFile.write("{", to: list)
            let result = try await bench.run(arguments + more)
            #expect(result.status == 0)
            #expect(result.errors.contains("dataset.json.damaged-\(number)"), "\(result.errors)")
        }
        try AtomicFile.write("{", to: list)
        let deleted = try await bench.run(["library", "delete", "1", "--permanently"])
        #expect(deleted.errors.contains("dataset.json.damaged-3"), "\(deleted.errors)")
        try AtomicFile.write("{", to: list)
        let check = try await bench.run(["library", "check", "--fix"])
        #expect(check.errors.contains("dataset.json.damaged-4"), "\(check.errors)")
    }
}

import ClipExport
import ClipLibrary
import Files
import FoundationEssentials
import GRDB
import Media
import SystemPackage
import TestSupport
import Testing

/// A library that the version before the renames has left.
@Suite struct LibraryBeforeRenamesTests {
    private static let settings = """
        {"allowsShort":false,"crf":18,"cropCenter":0.5,"duration":"1000000000/1000000000",\
        "effort":"medium","encoder":"auto","form":"film","frameStep":1,"sideMultiple":2,\
        "sound":"aac"}
        """

    /// The library with its clips and their video, moved to the folder of a bench.
    private func makeBench() throws -> ExportBench {
        let bench = try ExportBench()
        try BeforeRenames.copy("home", to: bench.home)
        try BeforeRenames.copy("clips", to: bench.clips)
        let film = try MaskSet.bytes(of: BeforeRenames.folder.appending("film.mp4"))
        try film.withUnsafeBytes { try AtomicFile.write($0, to: bench.folder["film.mp4"]) }
        let library = try DatabaseQueue(path: bench.home.appending("library.sqlite").string)
        try library.write { database in
            for table in ["source", "clip", "maskRun"] {
                try database.execute(
                    sql: "UPDATE \(table) SET path = replace(path, '/srv/foley', ?)",
                    arguments: [bench.folder.path.string]
                )
            }
        }
        try library.close()
        let list = bench.clips.appending(DatasetFile.fileName)
        let text = String(decoding: try MaskSet.bytes(of: list), as: UTF8.self)
        try AtomicFile.write(
            text.replacing("/srv/foley", with: bench.folder.path.string),
            to: list
        )
        return bench
    }

    @Test func settingsAreDecoded() throws {
        let old = try JSONDecoder().decode(CutSettings.self, from: Data(Self.settings.utf8))
        var expected = CutSettings()
        expected.duration = try #require(Rational(1_000_000_000, 1_000_000_000))
        #expect(old == expected && old.form == .video && old.audio == .aac)
        let new = try JSONEncoder().encode(old)
        #expect(try JSONDecoder().decode(CutSettings.self, from: new) == old)

        let more = Self.settings.dropLast() + #", "preset": "ltx2", "soundStream": 1}"#
        let applied = try JSONDecoder().decode(CutSettings.self, from: Data(more.utf8))
        #expect(applied.profile == "ltx2" && applied.audioStream == 1)
    }

    @Test func clipsAreListedShownAndFound() async throws {
        let bench = try makeBench()
        let listed = try await bench.run(["library", "list", "--csv"])
        #expect(listed.status == 0 && listed.lines.count == 4, "\(listed.errors)")
        for name in ["ball_001.mp4", "ball_002.mp4", "ball_003.mp4"] {
            let path = bench.clips.appending(name).string
            #expect(listed.lines.count { $0.contains(path) } == 1)
        }
        let shown = try await bench.run(["library", "show", "1"])
        #expect(shown.status == 0, "\(shown.errors)")
        for text in ["ball rolling", "crf 18", "preset medium", "ball_001_masks"] {
            #expect(shown.output.contains(text), "\(shown.output)")
        }
        let found = try await bench.run(["library", "find", "ROLLING", "--csv"])
        #expect(found.lines.count == 2 && found.lines[1].hasPrefix("1,"), "\(found.output)")
        let exported = try await bench.run(["library", "export", "--csv"])
        #expect(exported.lines.sorted() == listed.lines.sorted(), "\(exported.errors)")
        let check = try await bench.run(["library", "check"])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
    }

    @Test func aClipIsReplaced() async throws {
        let bench = try makeBench()
        let entries = try DatasetFile(in: bench.clips).entries()
        #expect(entries.map(\.label) == ["ball rolling", "ball bouncing", "ball"])
        #expect(entries[0].masks.map(\.path) == ["ball_001_masks"])

        let options = ["--start", "@10", "--preset", "ultrafast"]
        let result = try await bench.run(["export", "--replace", "1"] + options)
        #expect(result.status == 0, "\(result.errors)")
        let clip = try await DecodedClip(bench.clips.appending("ball_001.mp4"), audioStream: nil)
        #expect(clip.numbers.count == 25)
        let replaced = try DatasetFile(in: bench.clips).entries()
        #expect(replaced[0].start == 0.4 && replaced[0].label == "ball rolling")
        #expect(replaced[0].masks.isEmpty && replaced.dropFirst() == entries.dropFirst())
        let library = try DatabaseQueue(path: bench.home.appending("library.sqlite").string)
        let settings = try await library.read { database in
            try String.fetchAll(database, sql: "SELECT settings FROM clip ORDER BY id")
        }
        #expect(settings[0].contains(#""form":"video""#) && settings[1] == Self.settings)
        let check = try await bench.run(["library", "check"])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
    }

    @Test func aClipIsAdded() async throws {
        let bench = try makeBench()
        let options = ["--name", "ball", "--duration", "0.5"]
        let result = try await bench.export(bench.folder["film.mp4"], "3.4", options)
        #expect(result.status == 0, "\(result.errors)")
        let entries = try DatasetFile(in: bench.clips).entries()
        #expect(entries.map(\.path).last == "ball_004.mp4" && entries.count == 4)
        #expect(try await bench.run(["library", "check"]).status == 0)
    }
}

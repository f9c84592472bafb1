import ClipFinding
import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// `8cut find`, as a user runs it.
@Suite struct FindTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func find(_ arguments: [String]) async throws -> ProgramResult {
        try await Program.run8cut(
            ["find"] + arguments + ["--progress", "none"],
            environment: [
                "XDG_CACHE_HOME": folder.path.appending("cache").string,
                "EIGHTCUT_HOME": folder.path.appending("home").string,
            ],
            in: folder.path
        )
    }

    private func shots(_ video: String) async throws -> ShotDocument {
        let result = try await find(["shots", video, "--json"])
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(ShotDocument.self, from: Data(result.output.utf8))
    }

    private func candidates(
        _ video: String,
        _ arguments: [String] = []
    ) async throws -> [CandidateRecord] {
        let result = try await find(["sounds", video, "--json"] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder()
            .decode(CandidateDocument.self, from: Data(result.output.utf8)).candidates
    }

    /// Test images, then others: a cut after so many frames of 24 a second, with noise as audio.
    private func makeVideo(
        _ name: String,
        _ frames: (Int, Int) = (192, 192),
        audio: [String] = ["-c:a", "flac"],
        noise: String = "anoisesrc=a=0.2:r=48000",
        more: [String] = []
    ) async throws {
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=24", "-f", "lavfi", "-i",
                "mandelbrot=s=160x90:r=24", "-f", "lavfi", "-i", noise, "-filter_complex",
                "[0]trim=end_frame=\(frames.0),setsar=1[a];[1]trim=end_frame=\(frames.1),setsar=1[b];"
                    + "[a][b]concat=n=2:v=1,setpts=N/24/TB[v]",
                "-map", "[v]", "-map", "2:a", "-t", "\(Double(frames.0 + frames.1) / 24)", "-c:v",
                "libx264", "-preset", "ultrafast",
            ] + audio + more + [name],
            in: folder.path
        )
    }

    /// The folder of the only scan.
    private func scan() throws -> FilePath {
        let all = folder.path.appending("cache/8cut/find/v1")
        return all.appending(try #require(try OpenFolder(all).names().first))
    }

    // MARK: - Shots

    @Test func aCutIsAtItsFrame() async throws {
        try await makeVideo("two.mkv")
        let document = try await shots("two.mkv")
        #expect(document.v == 1)
        #expect(document.shots.map(\.startFrame) == [0, 192])
        #expect(document.shots.map(\.endFrame) == [192, 384])
        #expect(document.shots.map(\.kind) == ["start", "cut"])
        #expect(document.shots[1].start == 8)
        // Times of Matroska are in milliseconds.
        #expect(abs(document.shots[1].end - 16) < 0.001)
    }

    @Test func aCutOneFrameBeforeTheEndIsFound() async throws {
        try await makeVideo("last.mkv", (72, 1))
        #expect(try await shots("last.mkv").shots.map(\.startFrame) == [0, 72])
    }

    @Test func threeFramesAreAShot() async throws {
        try await makeVideo("three.mkv", (2, 1))
        #expect(try await shots("three.mkv").shots.last?.endFrame == 3)
        let sounds = try await find(["sounds", "three.mkv"])
        #expect(sounds.lines.last == "0 found; the longest shot lasts 0.08 s")
    }

    @Test(arguments: ["shots.csv", "shots.edl", "shots.txt", "shots.json"])
    func shotsAreWritten(name: String) async throws {
        try await makeVideo("two.mkv", (24, 24))
        let result = try await find(["shots", "two.mkv", "--output", name])
        #expect(result.status == 0)
        #expect(result.lines.last == "2 found")
        let text = try SmallFile.read(folder.path.appending(name), limit: 1 << 20)
        #expect(text.count > 40)
        let other = try await find(["shots", "two.mkv", "--output", "shots.xml"])
        #expect(other.status == 64)
        #expect(FileStatus(following: folder.path.appending("shots.xml")) == nil)
    }

    @Test func framesOfAVariableRateKeepTheirTimes() async throws {
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=60:d=6", "-f", "lavfi", "-i",
                "mandelbrot=s=160x90:r=60", "-filter_complex",
                "[1]trim=duration=4,setsar=1[b];[0]setsar=1[a];[a][b]concat=n=2:v=1,"
                    + "select='if(lt(t,3),not(mod(n,3)),1)'[v]",
                "-map", "[v]", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast",
                "vfr.mkv",
            ],
            in: folder.path
        )
        let second = try #require(try await shots("vfr.mkv").shots.dropFirst().first)
        #expect(abs(second.start - 6) < 0.002)
        // 3 s of 20 fps, and 3 s of 60.
        #expect(second.startFrame == 240)
    }

    // MARK: - Sounds

    @Test func whatIsFoundIsCutToTheFrame() async throws {
        try await makeVideo("two.mkv")
        let result = try await find([
            "sounds", "two.mkv", "--output", "found.csv", "--name", "clip",
        ])
        #expect(result.lines.last == "2 found")
        let export = try await Program.run8cut(
            ["export", "--list", "found.csv", "--to", "clips"],
            environment: ["EIGHTCUT_HOME": folder.path.appending("home").string],
            in: folder.path
        )
        #expect(export.status == 0, "\(export.errors)")
        #expect(!export.errors.contains("not used"))
        #expect(try await Clip.frameCount(folder.path.appending("clips/clip_001.mp4")) == 192)
        // The clips of the library are not offered again.
        let again = try await find(["sounds", "two.mkv"])
        #expect(again.lines.last == "0 found; all clips are in the library")
        let all = try await candidates("two.mkv", ["--again"])
        #expect(all.count == 2)
    }

    @Test func aListIsPlanned() async throws {
        try await makeVideo("two.mkv")
        _ = try await find(["sounds", "two.mkv", "--output", "found.jsonl", "--label", "noise"])
        let plan = try await Program.run8cut(
            [
                "batch", "plan", "--from", "found.jsonl", "--method", "saliency", "--to", "masks",
                "--output", "-",
            ],
            environment: ["EIGHTCUT_HOME": folder.path.appending("home").string],
            in: folder.path
        )
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.lines.count == 2)
        #expect(plan.output.contains("\"noise\""))
    }

    @Test func candidatesHaveTheirReasons() async throws {
        try await makeVideo("two.mkv")
        let found = try await candidates("two.mkv")
        #expect(found.map(\.rank) == [1, 2])
        let first = try #require(found.first)
        #expect(first.input == folder.path.appending("two.mkv").string)
        #expect(first.duration == 8)
        #expect((0...1).contains(first.score))
        let reasons = Set(first.reasons.map(\.name))
        #expect(reasons.isSuperset(of: ["silence", "bandwidth", "onsets", "still"]))
    }

    @Test func silenceAndMissingAudioAreSaid() async throws {
        try await makeVideo("silent.mkv", noise: "anullsrc=r=48000")
        #expect(try await find(["sounds", "silent.mkv"]).lines.last == "0 found; all is silent")
        try await makeVideo("mute.mkv", more: ["-an"])
        let mute = try await find(["sounds", "mute.mkv"])
        #expect(mute.status == 65)
        #expect(mute.errors.contains("it has no audio"))
        #expect(try await shots("mute.mkv").shots.count == 2)
    }

    @Test func ofSeveralVideosOnlyTheBadOnesAreSkipped() async throws {
        try await makeVideo("two.mkv")
        try await makeVideo("mute.mkv", more: ["-an"])
        try AtomicFile.write("no video", to: folder.path.appending("text.mkv"))
        let videos = ["text.mkv", "missing.mkv", "two.mkv", "mute.mkv"]

        let found = try await find(["sounds"] + videos + ["--output", "found.jsonl"])
        #expect(found.status == 65)
        for name in videos where name != "two.mkv" { #expect(found.errors.contains(name)) }
        #expect(found.lines.last == "2 found")
        let list = String(
            decoding: try SmallFile.read(folder.path.appending("found.jsonl"), limit: 1 << 20),
            as: UTF8.self
        )
        #expect(list.split(exactly: "\n").count == 2)

        let scan = try await find(["scan"] + videos)
        #expect(scan.status == 65)
        #expect(scan.errors.contains("missing.mkv"))

        // Without any that can be used, the list stays as it is.
        let none = try await find(["sounds", "missing.mkv", "text.mkv", "--output", "found.jsonl"])
        #expect(none.status == 66)
        #expect(none.errors.contains("none of them can be used"))
        let left = try SmallFile.read(folder.path.appending("found.jsonl"), limit: 1 << 20)
        #expect(left == Array(list.utf8))
    }

    @Test func ofSeveralVideosEachIsExplained() async throws {
        try await makeVideo("quiet.mkv", noise: "anoisesrc=a=0.0001:r=48000")
        try await makeVideo("silent.mkv", noise: "anullsrc=r=48000")
        let result = try await find(["sounds", "quiet.mkv", "silent.mkv"])
        #expect(result.lines.first?.hasPrefix("quiet.mkv: 0 found; the loudest second is") == true)
        #expect(
            result.lines.dropFirst() == [
                "silent.mkv: 0 found; all is silent", "0 found in 2 videos",
            ]
        )
    }

    @Test func blackIsNotOffered() async throws {
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "color=black:s=160x90:r=24:d=10", "-f", "lavfi", "-i",
                "anoisesrc=a=0.2:r=48000:d=10", "-c:v", "libx264", "-preset", "ultrafast", "-c:a",
                "flac", "black.mkv",
            ],
            in: folder.path
        )
        let result = try await find(["sounds", "black.mkv"])
        #expect(result.lines.last == "0 found; at best 100 % of a clip's frames are black")
    }

    @Test func effectsBesideTheCentreAreHeard() async throws {
        let pan = "pan=5.1|FL=c0|FR=c0|FC=0*c0|LFE=0*c0|BL=0*c0|BR=0*c0"
        try await makeVideo("six.mkv", more: ["-af", pan])
        let first = try #require(try await candidates("six.mkv").first)
        let level = first.reasons.first { $0.name == "level" }?.value
        // Noise of 0.2 in the front alone.
        #expect(try #require(level) > -22)
    }

    @Test func audioThatChangesIsMeasuredToItsEnd() async throws {
        try await makeVideo("a.ts", (96, 96), audio: ["-c:a", "ac3", "-ac", "2"])
        try await makeVideo(
            "b.ts",
            (96, 96),
            audio: ["-c:a", "ac3", "-ac", "1", "-ar", "32000"]
        )
        let both = try ["a.ts", "b.ts"].flatMap {
            try SmallFile.read(folder.path.appending($0), limit: 1 << 24)
        }
        try both.withUnsafeBytes {
            try AtomicFile.write($0, to: folder.path.appending("change.ts"))
        }
        let result = try await find(["why", "change.ts", "--at", "0:14", "--json"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"level\""))
    }

    /// The second part begins at 0 again, or hours later: ffmpeg joins both, and so do masks and clips.
    @Test(arguments: [0, 20_000])
    func partsWhoseTimesJumpAreJoined(_ offset: Int) async throws {
        try await makeVideo("a.ts", (96, 96), audio: ["-c:a", "ac3"])
        try await makeVideo(
            "b.ts",
            (96, 96),
            audio: ["-c:a", "ac3"],
            more: ["-output_ts_offset", "\(offset)"]
        )
        let both = try ["a.ts", "b.ts"].flatMap {
            try SmallFile.read(folder.path.appending($0), limit: 1 << 24)
        }
        try both.withUnsafeBytes {
            try AtomicFile.write($0, to: folder.path.appending("both.ts"))
        }
        let found = try await shots("both.ts")
        #expect(found.shots.map(\.startFrame) == [0, 96, 192, 288])
        let ends = found.shots.map(\.end)
        #expect(zip(ends, [4.0, 8, 12, 16]).allSatisfy { abs($0 - $1) < 0.1 })
        // The noise of the second part belongs to its frames.
        let clips = try await candidates("both.ts", ["--duration", "3", "--bandwidth", "0"])
        #expect(clips.count == 4)
        let silences = clips.flatMap(\.reasons).filter { $0.name == "silence" }.compactMap(\.value)
        #expect(silences.allSatisfy { $0 < 0.1 })
    }

    @Test func aTimestampThatComesTwiceMovesNothing() async throws {
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=4", "-vf",
                "setpts=(N-eq(N\\,10))/25/TB", "-fps_mode", "passthrough", "-c:v", "ffv1", "-an",
                "twice.mkv",
            ],
            in: folder.path
        )
        let why = try await find(["why", "twice.mkv", "--at", "@75", "--json"])
        let report = try JSONDecoder().decode(Place.self, from: Data(why.output.utf8))
        #expect(abs(report.time - 3) < 0.001)
    }

    private struct Place: Decodable { let time: Double }

    @Test func audioBesideImagesIsPartOfTheVideo() async throws {
        let images = folder.path.appending("images")
        mkdir(images.string, 0o700)
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=24:d=9", "-start_number", "0",
                "images/%04d.png",
            ],
            in: folder.path
        )
        #expect(try await find(["sounds", "images", "--fps", "24"]).status == 65)
        for (amplitude, count) in [(0.2, 1), (0, 0)] {
            try await Program.ffmpeg(
                ["-f", "lavfi", "-i", "anoisesrc=a=\(amplitude):r=48000:d=9", "images.wav"],
                in: folder.path
            )
            #expect(try await candidates("images", ["--fps", "24"]).count == count)
        }
    }

    @Test func whyAndDryRunTellTheLimits() async throws {
        try await makeVideo("two.mkv")
        let why = try await find(["why", "two.mkv", "--at", "@192"])
        #expect(why.lines.first?.contains("begins with a cut") == true)
        #expect(why.lines.last == "A clip that begins here passes all limits.")
        let late = try await find(["why", "two.mkv", "--at", "0:10"])
        #expect(late.lines.last == "A clip that begins here is dropped by: shot.")
        let beyond = try await find(["why", "two.mkv", "--at", "1:00"])
        #expect(beyond.status == 64)
        let dry = try await find([
            "sounds", "two.mkv", "--duration", "7", "--silence", "0:0", "--dry-run",
        ])
        #expect(dry.output.contains("silence  100.0 %"))
    }

    @Test func aMissingCheckpointIsSaidBeforeTheScan() async throws {
        try await makeVideo("two.mkv", (12, 12))
        let result = try await find(["sounds", "two.mkv", "--speech", "drop"])
        #expect(result.status == 66)
        #expect(result.errors.contains("8cut models download silero-vad"))
        #expect(FileStatus(following: folder.path.appending("cache")) == nil)
    }

    // MARK: - What is kept

    @Test func aRenamedVideoKeepsItsScanAndAChangedOneDoesNot() async throws {
        try await makeVideo("two.mkv")
        _ = try await find(["scan", "two.mkv"])
        let note = try scan().appending("scan.json")
        let before = try #require(
            FileStatus(
                following: note.removingLastComponent()
                    .appending("00000.block")
            )
        )
        let (old, new) = (folder.path.appending("two.mkv"), folder.path.appending("new.mkv"))
        try AtomicFile.rename(old, to: new)
        #expect(try await shots("new.mkv").shots.count == 2)
        let after = FileStatus(following: note.removingLastComponent().appending("00000.block"))
        #expect(after?.identity == before.identity)
        // A byte in the middle, which the fingerprint does not cover in long videos.
        var bytes = try SmallFile.read(new, limit: 1 << 26)
        bytes[bytes.count / 2] ^= 0xFF
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: new) }
        _ = try await find(["scan", "new.mkv"])
        let scans = try OpenFolder(folder.path.appending("cache/8cut/find/v1")).names()
        let blocks = scans.compactMap {
            FileStatus(
                following: folder.path.appending("cache/8cut/find/v1").appending($0)
                    .appending("00000.block")
            )
        }
        #expect(blocks.contains { $0.identity != before.identity })
    }

    @Test func aDamagedBlockIsMeasuredAgain() async throws {
        try await makeVideo("two.mkv")
        let right = try await shots("two.mkv")
        let block = try scan().appending("00000.block")
        var bytes = try SmallFile.read(block, limit: 1 << 24)
        bytes[bytes.count / 2] ^= 1
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: block) }
        #expect(try await shots("two.mkv") == right)
        try AtomicFile.write("{", to: try scan().appending("scan.json"))
        #expect(try await shots("two.mkv") == right)
    }

    @Test func aScanOfANewerVersionIsLeftAlone() async throws {
        try await makeVideo("two.mkv", (24, 24))
        _ = try await find(["scan", "two.mkv"])
        let note = try scan().appending("scan.json")
        let text = String(decoding: try SmallFile.read(note, limit: 1 << 20), as: UTF8.self)
        let newer = text.replacing("\"v\" : 1", with: "\"v\" : 99")
        try #require(newer != text)
        try AtomicFile.write(newer, to: note)
        let result = try await find(["shots", "two.mkv"])
        #expect(result.status == 65)
        #expect(result.errors.contains("a newer version of 8cut has written it"))
        #expect(try SmallFile.read(note, limit: 1 << 20) == Array(newer.utf8))
    }

    @Test func twoScansAtOnceAreOne() async throws {
        try await makeVideo("two.mkv")
        async let first = find(["shots", "two.mkv", "--json"])
        async let second = find(["shots", "two.mkv", "--json"])
        let (one, other) = try await (first, second)
        #expect(one.status == 0)
        #expect(other.status == 0)
        #expect(one.output == other.output)
    }

    @Test func damageIsRememberedByAScanThatGoesOn() async throws {
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=12:d=150", "-c:v", "libx264", "-preset",
                "ultrafast", "-g", "24", "long.mkv",
            ],
            in: folder.path
        )
        var bytes = try SmallFile.read(folder.path.appending("long.mkv"), limit: 1 << 26)
        for index in bytes.count / 6..<bytes.count / 6 + 3000 { bytes[index] ^= 0x5A }
        try bytes.withUnsafeBytes {
            try AtomicFile.write($0, to: folder.path.appending("long.mkv"))
        }
        #expect(try await find(["scan", "long.mkv"]).status == 3)
        // As if it had been killed in its last minute.
        let note = try scan().appending("scan.json")
        let text = String(decoding: try SmallFile.read(note, limit: 1 << 20), as: UTF8.self)
        let start = try #require(text.firstRange(exactly: "\"result\"")).lowerBound
        let end = try #require(text[start...].firstRange(exactly: "},")).upperBound
        try AtomicFile.write(String(text[..<start] + text[end...]), to: note)
        let result = try await find(["scan", "long.mkv"])
        #expect(result.status == 3, "\(result.errors)")
    }

    @Test func aScanThatIsKilledGoesOn() async throws {
        // Blocks of a minute: three of them.
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=12:d=150", "-f", "lavfi", "-i",
                "anoisesrc=a=0.2:r=48000:d=150", "-c:v", "libx264", "-preset", "ultrafast", "-g",
                "24", "-c:a", "flac", "long.mkv",
            ],
            in: folder.path
        )
        let blocks = folder.path.appending("cache/8cut/find/v1")
        _ = try await Program.run8cut(
            ["find", "scan", "long.mkv", "--progress", "none"],
            environment: [
                "XDG_CACHE_HOME": folder.path.appending("cache").string,
                "EIGHTCUT_HOME": folder.path.appending("home").string,
            ],
            in: folder.path
        ) { process in
            while (try? OpenFolder(blocks).names().contains { name in
                FileStatus(following: blocks.appending(name).appending("00000.block")) != nil
            }) != true, kill(process, 0) == 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            kill(process, SIGKILL)
        }
        let resumed = try await candidates("long.mkv")
        let (old, new) = (folder.path.appending("cache"), folder.path.appending("first"))
        try AtomicFile.rename(old, to: new)
        #expect(try await candidates("long.mkv") == resumed)
    }
}

import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Exports that cannot be done, or are stopped, leave nothing behind.
@Suite(.serialized) struct ExportFailureTests {
    private static let needsMounts: Comment = "programs cannot be given mounts of their own here"

    private func video(_ bench: ExportBench, seconds: Int = 6) async throws -> FilePath {
        try await CounterClip.make(
            bench.folder["video.mp4"],
            frames: seconds * 25,
            seconds: Double(seconds)
        )
    }

    @Test func wrongCommandLines() async throws {
        let bench = try ExportBench()
        let video = try await video(bench)
        for (options, status) in [
            (["--start", "1"], 64), (["--duration", "0"], 64), (["--crop", "9x16"], 64),
            (["--profile", "nobody"], 64), (["--crf", "99"], 64), (["--preset", "slowest"], 64),
            (["--audio-channels", "3"], 64), (["--name", "a/b"], 64), (["--name", ".a"], 64),
            (["--short-side", "33"], 64), (["--count", "0"], 64), (["--spread", "0"], 64),
            (["--jobs", "0"], 64), (["--fps", "x"], 64), (["--audio-stream", "3"], 64),
        ] as [([String], Int32)] {
            let result = try await bench.export(video, "1", ["--duration", "1"] + options)
            // A start that is given twice is the last one.
            if options == ["--start", "1"] { continue }
            #expect(result.status == status, "\(options): \(result.errors)")
        }
        #expect(try await bench.export("/missing.mp4", "1").status == 66)
        #expect(try await bench.export(video, "-1").status == 64)
        #expect(try await bench.export(video, "@9999").status == 65)
        let text = bench.folder["text.mp4"]
        try AtomicFile.write("no video", to: text)
        #expect(try await bench.export(text, "1").status == 65)
        #expect(try Folder.names(in: bench.clips) == ["clip_001.mp4", "dataset.json"])
    }

    @Test func aFolderThatMayNotBeWrittenTo() async throws {
        let bench = try ExportBench()
        let video = try await video(bench)
        try Folder.create(bench.clips)
        chmod(bench.clips.string, 0o555)
        chmod(video.string, 0o644)
        try Folder.create(bench.home)
        chmod(bench.home.string, 0o777)
        let result = try await Sandbox.run8cutAsOrdinaryUser(
            [
                "export", "-i", video.string, "--start", "1", "--duration", "1", "--name", "x",
                "--to", bench.clips.string,
            ],
            environment: bench.environment,
            in: bench.folder
        )
        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("--to"), "\(result.errors)")
        #expect(try Folder.names(in: bench.clips).isEmpty)
    }

    @Test func aLibraryThatCannotBeWritten() async throws {
        let bench = try ExportBench()
        let video = try await video(bench)
        try AtomicFile.write("file", to: bench.home)
        let result = try await bench.export(video, "1", ["--duration", "1"])
        #expect(result.status == 73, "\(result.errors)")
        #expect(access(bench.clips.string, F_OK) != 0)
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aFullDiskLeavesNothing() async throws {
        let bench = try ExportBench()
        // Grain makes the clip larger than the disk.
        let video = bench.folder["video.mp4"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "nullsrc=size=640x360:rate=25:duration=3,noise=alls=80:allf=t",
            "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", video.string,
        ])
        try Folder.create(bench.folder["disk"])
        let result = try await Sandbox.run(
            script: """
                export EIGHTCUT_HOME="$1/home"
                cd "$1" && mount -t tmpfs -o size=400k none disk || exit 99
                "$0" export -i video.mp4 --start 0 --duration 2 --to disk --name x --crf 5 -q
                echo "status $?"; ls -A disk; "$0" library list --csv; "$0" library check
                """,
            [bench.folder.path.string]
        )
        #expect(result.lines.first == "status 74", "\(result.errors)")
        #expect(result.errors.contains("disk is full"), "\(result.errors)")
        #expect(result.lines.count == 3 && result.lines.last == "all is as it should be")
    }

    /// Where only closing the file fails, ffmpeg ends with 0.
    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aDiskThatIsFullAtTheLastMomentLeavesNothing() async throws {
        let bench = try ExportBench()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=12:duration=10", "-f", "lavfi", "-i",
            "sine=duration=10", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            "-c:a", "aac", bench.folder["video.mp4"].string,
        ])
        try Folder.create(bench.folder["disk"])
        let result = try await Sandbox.run(
            script: """
                export EIGHTCUT_HOME="$1/home"
                cd "$1" && mount -t tmpfs -o size=64k none disk || exit 99
                "$0" export -i video.mp4 --start 0 --to disk --name x -q
                echo "status $?"; ls -A disk; "$0" library list --csv; "$0" library check
                """,
            [bench.folder.path.string]
        )
        #expect(result.lines.first == "status 74", "\(result.errors)")
        #expect(result.errors.contains("disk is full"), "\(result.errors)")
        #expect(result.lines.count == 3 && result.lines.last == "all is as it should be")
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aStoppedExportLeavesNothing(signal: Int32) async throws {
        let bench = try ExportBench()
        let video = try await video(bench, seconds: 30)
        let clips = bench.clips
        let result = try await Program.run8cut(
            [
                "export", "-i", video.string, "--start", "1", "--duration", "25", "--name", "x",
                "--to", clips.string, "--count", "3", "--preset", "veryslow", "--short-side", "512",
            ],
            environment: bench.environment
        ) { process in
            _ = try await Child.find("ffmpeg", of: process)
            try await Task.sleep(for: .milliseconds(300))
            kill(process, signal)
        }
        #expect(result.status == 128 + signal, "\(result.errors)")
        #expect(try Folder.names(in: clips).isEmpty)
        #expect(try await bench.run(["library", "check"]).output.contains("as it should be"))
        for _ in 0..<40 {
            let list = try await Program.run("ps", ["-eo", "args"])
            let isGone = !list.lines.contains { $0.hasPrefix("ff") && $0.contains(video.string) }
            if isGone { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("ffmpeg is left behind")
    }

    @Test func ffmpegThatIsKilledLeavesNothing() async throws {
        let bench = try ExportBench()
        let video = try await video(bench, seconds: 30)
        let result = try await Program.run8cut(
            [
                "export", "-i", video.string, "--start", "1", "--duration", "25", "--name", "x",
                "--to", bench.clips.string, "--preset", "veryslow", "--short-side", "512",
            ],
            environment: bench.environment
        ) { process in
            kill(try await Child.find("ffmpeg", of: process), SIGKILL)
        }
        #expect(result.status == 71, "\(result.errors)")
        #expect(try Folder.names(in: bench.clips).isEmpty)
    }

    @Test func aMissingFFmpegIsTold() async throws {
        let bench = try ExportBench()
        let video = try await video(bench)
        try Folder.create(bench.folder["empty"])
        let result = try await Program.run8cut(
            [
                "export", "-i", video.string, "--start", "1", "--to", bench.clips.string, "--name",
                "x",
            ],
            environment: bench.environment.merging(["PATH": bench.folder["empty"].string]) { $1 }
        )
        #expect(result.status == 69, "\(result.errors)")
    }

    @Test func aDamagedVideoIsRefusedOrExact() async throws {
        let bench = try ExportBench()
        let video = try await video(bench)
        var bytes = try MaskSet.bytes(of: video)
        // A hole in the middle of the samples.
        for place in bytes.count / 3..<bytes.count / 2 { bytes[place] = UInt8(place & 255) }
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: bench.folder["bad.mp4"]) }
        let result = try await bench.export(bench.folder["bad.mp4"], "1", ["--duration", "4"])
        #expect([3, 65, 71].contains(result.status), "\(result.errors)")
        if result.status == 3 {
            #expect(try await Clip.frameCount(bench.clips.appending("clip_001.mp4")) == 100)
        } else {
            #expect(try Folder.names(in: bench.clips).isEmpty)
        }
    }
}

import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// `8cut dataset export` when the disk is full, and when it is cancelled.
@Suite(.serialized) struct DatasetFailureTests {
    private static func export(
        _ video: FilePath,
        _ options: [String],
        in folder: TemporaryFolder
    ) async throws {
        let result = try await Program.run8cut(
            [
                "export", "-i", video.string, "--start", "1", "--to", "clips", "--name", "dog",
                "--label", "dog", "--preset", "ultrafast", "--quiet",
            ] + options,
            environment: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder.path
        )
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test(.enabled("a program can mount here") { await Sandbox.canMount })
    func aFullDiskKeepsWhatIsFinished() async throws {
        let folder = try TemporaryFolder()
        let video = try await CounterClip.make(folder["video.mp4"], frames: 250, seconds: 10)
        for _ in 1...2 { try await Self.export(video, [], in: folder) }
        try Folder.create(folder["disk"])
        let result = try await Sandbox.run(
            script: """
                cd "$1" && mount -t tmpfs -o size=4096k none disk || exit 99
                export EIGHTCUT_HOME="$1/home"
                head -c 4050k /dev/zero > disk/ballast || exit 99
                "$0" dataset export --profile hf --to disk/set --copy > out; echo "status $?"
                ls disk
                rm disk/ballast
                "$0" dataset export --profile hf --to disk/set --copy > out; echo "status $?"
                ls disk disk/set/train
                """,
            [folder.path.string]
        )
        let lines = result.lines
        #expect(lines.filter { $0.hasPrefix("status") } == ["status 74", "status 0"], "\(lines)")
        #expect(result.errors.contains("the disk is full"))
        #expect(lines.contains("dog_001.mp4") && lines.contains("metadata.jsonl"))
        // No data set was there before all of it was.
        #expect(Array(lines.prefix(3).dropFirst()) == ["ballast", "status 0"], "\(lines)")
    }

    @Test func aCancelledExportEndsSoonAndGoesOn() async throws {
        let folder = try TemporaryFolder()
        let video = try await CounterClip.make(folder["video.mp4"], frames: 250, seconds: 10)
        try await Self.export(video, ["--profile", "mmaudio-16k"], in: folder)
        // The second clip takes its time: it has to be cut again, and has many pixels.
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=50:d=10,noise=alls=20:allf=t", "-f",
            "lavfi", "-i", "sine=d=10", "-preset", "ultrafast", folder["large.mp4"].string,
        ])
        try await Self.export(folder["large.mp4"], [], in: folder)
        let result = try await Program.run(
            "bash",
            [
                "-c",
                """
                export EIGHTCUT_HOME="$PWD/home"
                set -m
                journal=.8cut-dataset-set/.8cut/journal.jsonl
                "$0" dataset export --profile mmaudio-16k --to set --progress json > events &
                for i in $(seq 6000); do
                    grep -qs 'dog_001.mp4"' "$journal" && break
                    sleep 0.02
                done
                start=$(date +%s%N)
                kill -INT $!
                wait $!
                echo "status $?"
                echo "$(( ($(date +%s%N) - start) / 1000000 ))"
                ls -A
                cat "$journal"
                "$0" dataset export --profile mmaudio-16k --to set
                """,
                Program.eightCut.string,
            ],
            environment: [:],
            in: folder.path
        )
        let lines = result.lines
        #expect(lines.first == "status 130", "\(lines)")
        let limit = Int(Program.stopLimit / .milliseconds(1))
        #expect(lines.count > 1 && Int(lines[1]).map { $0 < limit } == true, "\(lines)")
        #expect(lines.contains(".8cut-dataset-set") && !lines.contains("set"))
        #expect(lines.contains { $0.contains("dog_001.mp4\"") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("2 clips") })
        #expect(
            try Folder.names(in: folder["set"].appending("videos"))
                == ["dog_001.mp4", "dog_002.mp4"]
        )
    }
}

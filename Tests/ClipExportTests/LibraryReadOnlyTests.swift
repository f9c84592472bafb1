import Files
import SystemPackage
import TestSupport
import Testing

/// A library that cannot be written can still be read.
@Suite(.serialized) struct LibraryReadOnlyTests {
    private static let needsMounts: Comment = "programs cannot be given mounts of their own here"

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aLibraryOnAReadOnlyDiskIsListed() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 50, seconds: 2)
        let made = try await bench.export(video, "1", ["--duration", "0.4"])
        #expect(made.status == 0, "\(made.errors)")
        let result = try await Sandbox.run(
            script: """
                export EIGHTCUT_HOME="$1/home"
                cd "$1" && mount --bind home home && mount -o remount,bind,ro home || exit 99
                "$0" library list --csv; echo "status $?"
                "$0" library show 1 > /dev/null; echo "status $?"
                "$0" library relabel 1 --label x; echo "status $?"
                """,
            [bench.folder.path.string]
        )
        #expect(result.lines.count == 5, "\(result.output)\(result.errors)")
        #expect(result.lines[1].contains("clip_001.mp4"), "\(result.output)")
        #expect(result.lines.suffix(3) == ["status 0", "status 0", "status 73"])
    }

    /// The trash of another disk is used only if nobody else can enter it.
    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func anUnsafeTrashIsRefused() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 50, seconds: 2)
        try Folder.create(bench.folder["disk"])
        let result = try await Sandbox.run(
            script: """
                export EIGHTCUT_HOME="$1/home" XDG_DATA_HOME="$1/data"
                cd "$1" && mount -t tmpfs none disk || exit 99
                "$0" export -i "$2" --start 0 --duration 0.4 --name x --to disk -q || exit 98
                trash="disk/.Trash-$(id -u)"
                mkdir -m 0777 "$trash"; "$0" library delete 1; echo "status $?"; rmdir "$trash"
                mkdir elsewhere; ln -s ../elsewhere "$trash"
                "$0" library delete 1; echo "status $?"; rm "$trash"
                ls disk elsewhere
                "$0" library delete 1; echo "status $?"; ls "$trash/files"; stat -c %a "$trash"
                """,
            [bench.folder.path.string, video.string]
        )
        let expected = [
            "status 73", "status 73", "disk:", "dataset.json", "x_001.mp4", "elsewhere:",
            "1 clip moved to the trash", "status 0", "x_001.mp4", "700",
        ]
        #expect(result.lines == expected, "\(result.output)\(result.errors)")
    }
}

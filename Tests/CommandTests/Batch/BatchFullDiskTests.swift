import Files
import SystemPackage
import TestSupport
import Testing

/// A disk that fills while rows are worked on.
@Suite struct BatchFullDiskTests {
    /// How many KiB are free at first: enough for no row, and then for one of two.
    @Test(
        .enabled("programs cannot be given mounts of their own here") { await Sandbox.canMount },
        arguments: [4, 60]
    )
    func rowsAreTriedAgainAndNothingIsLost(free: Int) async throws {
        let batch = try BatchSetup()
        for name in ["a", "b"] { try await batch.clip(name, seconds: 2) }
        try batch.write(
            ["a", "b"].map { name in
                #"{"id": "\#(name)", "input": "\#(name).mp4", "output": "disk/\#(name)", "#
                    + #""method": "saliency"}"#
            }
        )
        try Folder.create(batch["disk"])
        let disk = 8 << 10

        let result = try await Sandbox.run(
            script: """
                cd "$1" && mount -t tmpfs -o size=\(disk)k none disk || exit 99
                head -c \((disk - free) << 10) /dev/zero > disk/ballast || exit 99
                "$0" batch run --list list.jsonl --results disk/results; echo "first $?"
                rm disk/ballast
                "$0" batch run --list list.jsonl --quiet --results disk/results; echo "second $?"
                ls disk/a disk/b | grep -c frame_
                """,
            [batch.folder.path.string]
        )

        #expect(result.lines.contains("first 75"), "\(result.output) \(result.errors)")
        #expect(result.lines.contains("second 0"), "\(result.output) \(result.errors)")
        #expect(result.errors.contains("the disk is full"), "\(result.errors)")
        #expect(result.lines.last == "96", "\(result.output)")
    }
}

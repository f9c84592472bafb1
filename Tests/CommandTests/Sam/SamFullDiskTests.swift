import Files
import SystemPackage
import TestSupport
import Testing

/// Disks that are full while SAM 2 is at work.
@Suite struct SamFullDiskTests {
    private static let needsMounts: Comment = "programs cannot be given mounts of their own here"

    /// Makes masks on a disk with little free space, and resumes when there is some.
    ///
    /// - Parameters:
    ///   - seconds: length of the clip.
    ///   - free: what is free at first, in KiB.
    ///   - options: further options.
    ///   - status: how the first run must end.
    ///   - sourceLocation: the test's line.
    /// - Throws: when something cannot be started or read.
    private func run(
        seconds: Double,
        free: Int,
        _ options: [String],
        status: Int = 74,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), seconds: seconds)
        try await SamRun.masks(clip, to: folder["expected"], options)
        for name in ["disk", "full", "roomy"] { try Folder.create(folder[name]) }
        let disk = 64 << 10
        let arguments = SamRun.arguments(clip, to: folder["disk"].appending("masks"), options)
        let result = try await Sandbox.run(
            script: """
                cd "$1" && mount -t tmpfs -o size=\(disk)k none disk || exit 99
                head -c \((disk - free) << 10) /dev/zero > disk/ballast || exit 99
                shift
                export EIGHTCUT_HOME="$1" EIGHTCUT_ONNXRUNTIME=
                shift
                "$0" "$@" --progress json > /dev/null; echo "status $?"
                cp -R disk/masks/. full
                rm disk/ballast
                "$0" "$@" --progress json > /dev/null; echo "status $?"
                cp -R disk/masks/. roomy
                """,
            [folder.path.string, TestTools.home.path.string] + arguments
        )
        #expect(
            result.lines.filter { $0.hasPrefix("status") } == ["status \(status)", "status 0"],
            "\(result.output) \(result.errors)",
            sourceLocation: sourceLocation
        )
        if status != 0 {
            #expect(result.errors.contains("the disk is full"), sourceLocation: sourceLocation)
            #expect(result.errors.contains("run the same command again"))
        }
        let isSame =
            try MaskSet.content(of: folder["roomy"]) == MaskSet.content(of: folder["expected"])
        #expect(isSame, sourceLocation: sourceLocation)
        let left = try MaskSet.content(of: folder["full"]).keys
        #expect(!left.contains { $0.contains(AtomicFile.temporaryPrefix) }, "\(left)")
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func noSpaceForFramesInReverseIsReported() async throws {
        try await run(seconds: 2, free: 1500, ["--point", "60,30@47"])
    }

    /// Frames are buffered on the disk in smaller pieces.
    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func littleSpaceForFramesInReverseIsEnough() async throws {
        try await run(seconds: 2, free: 5500, ["--point", "60,30@47"], status: 0)
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func noSpaceForReverseMasksIsReported() async throws {
        try await run(seconds: 8, free: 4500, ["--point", "60,30@191", "--point", "9,9@191#2"])
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func noSpaceForTheStateOrMasksIsReported() async throws {
        try await run(seconds: 8, free: 600, [])
    }
}

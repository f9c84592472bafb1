import Files
import Glibc
import Processes
import SystemPackage
import TestSupport
import Testing

/// Runs with less than usual: the error has the right reason and comes soon.
@Suite struct LimitTests {
    private func run(
        _ script: String,
        _ arguments: [String] = [],
        in folder: TemporaryFolder
    ) async throws -> ProgramResult {
        try await Program.run(
            "timeout",
            ["-k", "1", "30", "sh", "-c", script, Program.eightCut.string] + arguments,
            environment: ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string],
            in: folder.path
        )
    }

    @Test(arguments: [4, 8, 12, 16, 18, 20, 24, 28, 32, 40, 64])
    func fewFileDescriptors(count: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (96, 64))
        let commands = [
            "masks saliency -i \"$1\" --progress none",
            "export -i \"$1\" --start 0 --duration 0.5 --name x --to clips --preset ultrafast -q",
        ]
        for command in commands {
            let result = try await run(
                "ulimit -n \(count); exec \"$0\" \(command)",
                [clip.string],
                in: folder
            )
            #expect([0, 71, 74].contains(result.status), "\(result.status) \(result.errors)")
            if count >= 64 { #expect(result.status == 0, "\(result.errors)") }
            if count <= 20 { #expect(result.status == 71, "\(result.errors)") }
            if result.status != 0 {
                #expect(result.errors.lowercased().contains("too many open files"))
            }
        }
    }

    @Test(arguments: ["-v 400000", "-v 200000", "-d 60000"])
    func littleMemory(limit: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (96, 64))
        let result = try await run(
            "ulimit \(limit); exec \"$0\" masks saliency -i \"$1\"",
            [clip.string],
            in: folder
        )
        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("memory is limited"), "\(result.errors)")
    }

    /// Root has as many processes as it likes. The limit counts all processes of a user, so this one
    /// has no others.
    @Test func fewThreads() async throws {
        guard Sandbox.isRoot else { return }
        let folder = try TemporaryFolder()
        let result = try await run(
            """
            chmod 755 . && cp "$0" copy && chmod 755 copy || exit 99
            exec prlimit --nproc=4 \
                setpriv --reuid=64713 --regid=64713 --clear-groups ./copy library list
            """,
            in: folder
        )
        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("ulimit -u"), "\(result.errors)")
    }

    @Test(arguments: ["HOME=/", "HOME=", "HOME=/nonexistent", "-u HOME"])
    func withoutAHomeFolderTheErrorNamesTheVariable(home: String) async throws {
        guard Sandbox.isRoot else { return }
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (96, 64))
        let result = try await run(
            """
            chmod 777 . && cp "$0" copy && chmod 755 copy && chmod 644 clip.mp4 || exit 99
            exec env -u EIGHTCUT_HOME \(home) setpriv --reuid=65534 --regid=65534 \
                --clear-groups ./copy export -i clip.mp4 --start 0 --duration 0.5 --name x \
                --to clips --preset ultrafast -q
            """,
            in: folder
        )
        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("EIGHTCUT_HOME"), "\(result.errors)")
    }

    @Test func closedStreamsAreReplaced() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (96, 64))
        let result = try await run(
            "exec \"$0\" masks saliency -i \"$1\" -o masks <&- >&- 2>&-",
            [clip.string],
            in: folder
        )
        #expect(result.status == 0)
        let masks = try MaskSet(folder["masks"])
        #expect(masks.manifest.complete && masks.names.count == 24)
    }

    @Test(arguments: [
        "--version", "--help", "masks --help", "library list", "library list --json",
        "library export --csv", "models list", "tools status", "tools status --json",
        "masks saliency -i clip.mp4",
    ])
    func aFullDiskBehindStandardOutputIsAnError(command: String) async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (96, 64))
        let full = try await run("exec \"$0\" \(command) >/dev/full", in: folder)
        #expect(full.status == 74, "\(full.errors)")
        #expect(full.errors.contains("the disk is full"), "\(full.errors)")
    }

    @Test(arguments: ["--help", "library list --json"])
    func aReaderThatHasGoneIsNoFullDisk(command: String) async throws {
        let folder = try TemporaryFolder()
        let result = try await run(
            "{ \"$0\" \(command) 2>errors; echo $? >status; } | :\ncat status errors",
            in: folder
        )
        // A short text may be in the pipe before the reader goes.
        let isExpected = result.output == "141\n" || result.output == "0\n"
        #expect(isExpected, "\(result.output)\(result.errors)")
    }

    @Test func aDeletedWorkingFolderIsNamed() async throws {
        let folder = try TemporaryFolder()
        let result = try await run(
            "mkdir gone; cd gone; rmdir ../gone; exec \"$0\" library list",
            in: folder
        )
        #expect(result.status == 66, "\(result.errors)")
        #expect(result.errors.contains("working folder"))
    }

    /// The pipe is full and the write waits. A signal ends it all the same.
    @Test func aSignalEndsARunWhoseOutputNobodyReads() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (96, 64), seconds: 60)
        let masks = folder["masks"]
        let child = ChildProcess(
            .path(Program.eightCut),
            ["masks", "saliency", "-i", clip.string, "-o", masks.string, "--progress", "json"],
            environment: ["EIGHTCUT_HOME": folder["home"].string]
        )
        let (result, _) = try await child.run(output: .piped) { child in
            var last = -1
            try await eventually("a run that waits") {
                try await Task.sleep(for: .milliseconds(700))
                let count = (try? Folder.names(in: masks).count) ?? 0
                defer { last = count }
                return count > 50 && count == last
            }
            let start = ContinuousClock.now
            kill(child.id, SIGTERM)
            let exit = try await child.waitForExit()
            return (exit: exit, time: start.duration(to: .now))
        }
        #expect(result.exit == .exited(143))
        #expect(result.time < Program.stopLimit)
        let stopped = try MaskSet(masks)
        #expect(!stopped.manifest.complete && stopped.manifest.frameCount > 50)
    }

    /// Under nohup a closed terminal does not end a run.
    @Test func anIgnoredHangupStaysIgnored() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (320, 180), seconds: 4)
        let masks = folder["masks"]
        let result = try await Program.run(
            "sh",
            [
                "-c", "trap '' HUP; exec \"$0\" masks saliency -i \"$1\" -o \"$2\" -q",
                Program.eightCut.string, clip.string, masks.string,
            ]
        ) { process in
            try await waitForMasks(3, in: masks)
            kill(process, SIGHUP)
        }
        #expect(result.status == 0, "\(result.errors)")
    }
}

import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Libraries that would take the program with them, or come from where anybody may write.
@Suite struct RuntimeLibraryTests {
    private func masks(
        _ folder: TemporaryFolder,
        _ variables: [String: String],
        in working: FilePath? = nil
    ) async throws -> ProgramResult {
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 2)
        let environment = TestTools.environment.merging(variables) { $1 }
        return try await Program.run(
            "timeout",
            ["100", Program.eightCut.string] + DepthRun.arguments(clip, to: folder["masks"]),
            environment: environment,
            in: working
        )
    }

    /// A library whose constructor runs some C.
    private func library(_ path: FilePath, _ code: String, in folder: TemporaryFolder) async throws
    {
        let source = folder["library.c"]
        try AtomicFile.write(
            """
            #include <stdlib.h>
            #include <stdio.h>
            __attribute__((constructor)) static void begin(void) { \(code) }
            const void *OrtGetApiBase(void) { return 0; }
            """,
            to: source
        )
        let built = try await Program.run(
            "clang",
            ["-shared", "-fPIC", "-o", path.string, source.string]
        )
        #expect(built.status == 0, "\(built.errors)")
    }

    @Test func aLibraryThatAbortsIsAnError() async throws {
        let folder = try TemporaryFolder()
        try await library(folder["abort.so"], "abort();", in: folder)
        let result = try await masks(folder, ["EIGHTCUT_ONNXRUNTIME": folder["abort.so"].string])
        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("signal 6") && result.errors.contains("abort.so"))
        #expect(result.errors.contains("EIGHTCUT_ONNXRUNTIME names it"))
    }

    @Test(arguments: ["pipe", "folder", "device"])
    func whatIsNoFileIsNotWaitedFor(kind: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder["library.so"]
        switch kind {
        case "pipe": mkfifo(path.string, 0o644)
        case "folder": mkdir(path.string, 0o755)
        default: symlink("/dev/zero", path.string)
        }
        let result = try await masks(folder, ["EIGHTCUT_ONNXRUNTIME": path.string])
        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains(kind) && result.errors.contains("not a library"))
    }

    /// The system takes the empty parts of LD_LIBRARY_PATH for the working folder.
    @Test(arguments: ["", ":", "."])
    func theWorkingFolderIsNotLookedAt(path: String) async throws {
        let folder = try TemporaryFolder()
        let working = folder["working"]
        try Folder.create(working)
        let loaded = folder["loaded"]
        for name in ["libonnxruntime.so.1", "libonnxruntime.so"] {
            try await library(
                working.appending(name),
                "fclose(fopen(\"\(loaded)\", \"w\"));",
                in: folder
            )
        }
        let variables = ["EIGHTCUT_HOME": folder["home"].string, "LD_LIBRARY_PATH": path]
        let result = try await masks(folder, variables, in: working)
        #expect(result.status != 124, "\(result.errors)")
        #expect(access(loaded.string, F_OK) != 0)
    }

    @Test func aPipeInTheWorkingFolderIsNotWaitedFor() async throws {
        let folder = try TemporaryFolder()
        let working = folder["working"]
        try Folder.create(working)
        mkfifo(working.appending("libonnxruntime.so.1").string, 0o644)
        let variables = ["EIGHTCUT_HOME": folder["home"].string]
        #expect(try await masks(folder, variables, in: working).status != 124)
    }
}

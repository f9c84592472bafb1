import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Libraries, devices and numbers that cannot be used.
@Suite struct DepthDeviceErrorTests {
    private func expectFailure(
        _ status: Int32,
        _ words: [String],
        _ options: [String] = [],
        variables: [String: String] = [:],
        in folder: TemporaryFolder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 2)
        let result = try await Program.run8cut(
            DepthRun.arguments(clip, to: folder["masks"], options),
            environment: TestTools.environment.merging(variables) { $1 }
        )
        #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
        for word in words {
            #expect(
                result.errors.contains(word),
                "\(word): \(result.errors)",
                sourceLocation: sourceLocation
            )
        }
        let kind = try Folder.kind(of: folder["masks"])
        #expect(kind == .missing, sourceLocation: sourceLocation)
    }

    @Test(arguments: ["missing", "text", "other"])
    func aLibraryThatIsNoneIsNamedWithItsVariable(kind: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder["lib.so"]
        switch kind {
        case "text": try AtomicFile.write(String(repeating: "no library ", count: 99), to: path)
        case "other":
            try AtomicFile.write("int nothing;", to: folder["empty.c"])
            let built = try await Program.run(
                "clang",
                ["-shared", "-o", path.string, folder["empty.c"].string]
            )
            #expect(built.status == 0, "\(built.errors)")
        default: break
        }
        let reason = [
            "missing": "No such file", "text": "invalid ELF header", "other": "no OrtGetApiBase",
        ]
        try await expectFailure(
            71,
            [path.string, try #require(reason[kind]), "EIGHTCUT_ONNXRUNTIME names it"],
            variables: ["EIGHTCUT_ONNXRUNTIME": path.string],
            in: folder
        )
    }

    /// The system may have a library of its own, which is used then.
    private static let hasSystemLibrary = ["libonnxruntime.so.1", "libonnxruntime.so"]
        .contains { (name: String) in dlopen(name, RTLD_LAZY) != nil }

    @Test(.enabled(if: !hasSystemLibrary)) func withoutALibraryThereIsAWayToGetOne() async throws {
        let folder = try TemporaryFolder()
        try await expectFailure(
            69,
            ["ONNX Runtime is not installed", "8cut tools install"],
            variables: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder
        )
    }

    @Test func aLibraryWithoutCUDASaysHowToGetOneWith() async throws {
        let folder = try TemporaryFolder()
        let words = ["built without CUDA", "8cut tools install --gpu"]
        for device in ["cuda", "cuda:1"] {
            try await expectFailure(71, words, ["--device", device], in: folder)
        }
    }

    @Test(arguments: [
        ["--device", "cuda:x"], ["--device", "cuda:-1"], ["--device", "cuda:99999"],
        ["--device", "tpu"], ["--threads", "0"], ["--threads", "1025"], ["--resolution", "13"],
        ["--resolution", "8193"], ["--threshold", "256"], ["--threshold", "half"],
        ["--precision", "fp8"], ["--precision", "int8", "--device", "cuda"], ["--model", ""],
    ])
    func nonsenseIsNamed(options: [String]) async throws {
        let folder = try TemporaryFolder()
        try await expectFailure(64, [options[0], options[1]], options, in: folder)
    }

    @Test func aResolutionThatIsTooLargeIsReportedWithTheSize() async throws {
        let folder = try TemporaryFolder()
        let words = ["128 × 72 become", "too large", "--resolution"]
        try await expectFailure(64, words, ["--resolution", "8192"], in: folder)
    }

    @Test func aVideoThatIsNoneIsReportedAsEverywhere() async throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("no video", to: folder["clip.mp4"])
        let result = try await Program.run8cut(
            DepthRun.arguments(folder["clip.mp4"], to: folder["masks"]),
            environment: TestTools.environment
        )
        #expect(result.status == 65, "\(result.errors)")
        #expect(try Folder.kind(of: folder["masks"]) == .missing)
    }
}

import Files
import Glibc
import Imaging
import MLTools
import SystemPackage
import TestSupport

/// A home whose Python hands out what the reference has made of one frame of the fixtures with
/// the model "tiny", and a clip of that frame.
struct AnsweringReference {
    let folder: TemporaryFolder
    let clip: FilePath
    let home: FilePath

    init(_ frame: String) async throws {
        folder = try TemporaryFolder()
        home = folder["home"]
        clip = try await LosslessClip.make([frame], folder["clip.mkv"])
        let expected = try DepthFixtures.tensors("expected", of: "tiny")
        let (shape, pixels) = try expected.bytes(frame + ".mask")
        let mask = GrayImage(width: shape[1], height: shape[0], pixels: pixels)
        try PNG.write(mask, to: folder["mask.png"])
        try Self.write(try expected.floats(frame + ".depth").values, to: folder["depth.f32"])

        try StandInPython.install(
            """
            while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done
            mkdir -p "$out"
            cp '\(folder["mask.png"])' "$out/frame_0000.png" || exit 1
            cp '\(folder["depth.f32"])' "$out/frame_0000.f32" || exit 1
            echo 'frame 1/1'
            echo '{"peak_rss_bytes": 104857600}'
            """,
            in: home
        )
    }

    /// Variables with which the program uses this home, and the tests' inference library.
    var environment: [String: String] {
        get throws {
            let library = try RuntimeLocation.find(in: TestTools.home.environment)
            return ["EIGHTCUT_HOME": home.string, "EIGHTCUT_ONNXRUNTIME": library.string]
        }
    }

    /// Runs `8cut verify` on the clip.
    func verify(_ options: String...) async throws -> ProgramResult {
        try await Program.run8cut(
            [
                "verify", "-i", clip.string, "--device", "cpu", "--model",
                DepthFixtures.folder.appending("tiny").string,
            ] + options,
            environment: environment
        )
    }

    /// Changes what it hands out as the mask.
    func changeMask(_ change: (inout GrayImage) -> Void) throws {
        var mask = try PNG.readGray(folder["mask.png"])
        change(&mask)
        try PNG.write(mask, to: folder["mask.png"])
    }

    /// Changes what it hands out as depth.
    func changeDepth(_ change: (inout [Float]) -> Void) throws {
        let bytes = try MaskSet.bytes(of: folder["depth.f32"])
        var depth = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        change(&depth)
        try Self.write(depth, to: folder["depth.f32"])
    }

    private static func write(_ depth: [Float], to path: FilePath) throws {
        try depth.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }
}

import Files
import Glibc
import MLTools
import SystemPackage
import TestSupport
import Testing

/// The detector's checkpoint from a hub, and its use by name.
@Suite struct DetectorDownloadTests {
    private static let repository = "google/owlv2-base-patch16-ensemble"

    @Test func theDefaultDetectorIsDownloadedAndUsed() async throws {
        let bench = try ModelsBench()
        try FolderTree.remove(bench.files)
        try Folder.create(bench.files)
        let names = [
            "config.json", "merges.txt", "model.safetensors", "preprocessor_config.json",
            "tokenizer_config.json", "vocab.json",
        ]
        for name in names {
            let bytes = try MaskSet.bytes(of: Owlv2Fixtures.tiny.appending(name))
            try bytes.withUnsafeBytes {
                try AtomicFile.write($0, to: bench.files.appending(name))
            }
        }
        let clip = try await Clip.make(bench.folder["clip.mp4"], size: (96, 64), seconds: 0.25)
        let environment = [
            "HF_HOME": bench.folder["hf"].string, "HF_HUB_CACHE": "",
            "EIGHTCUT_HOME": bench.folder["home"].string,
            "EIGHTCUT_ONNXRUNTIME":
                try RuntimeLocation.find(in: TestTools.home.environment).string,
        ]
        let arguments = [
            "detect", "-i", clip.string, "--text", "dog", "--text-threshold", "0", "--device",
            "cpu",
        ]
        let before = try await Program.run8cut(arguments, environment: environment)
        #expect(before.status == 66, "\(before.errors)")
        #expect(before.errors.contains("8cut models download owlv2-base"), "\(before.errors)")

        try await bench.withHub(repository: Self.repository) { hub in
            let result = try await bench.models(["download", "owlv2-base"], hub: hub)
            #expect(result.status == 0, "\(result.errors)")
        }
        let found = try await Program.run8cut(arguments, environment: environment)
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.errors.contains("using owlv2-base, the default on a CPU"))
        #expect(found.lines.count > 1 && found.lines[1].contains("dog"), "\(found.output)")

        // Without its vocabulary it is no detector.
        try FolderTree.remove(bench.folder["hf"])
        try Folder.create(bench.folder["hf"])
        unlink(bench.files.appending("vocab.json").string)
        try await bench.withHub(repository: Self.repository) { hub in
            let result = try await bench.models(["download", "owlv2-base"], hub: hub)
            #expect(result.status != 0 && result.errors.contains("vocab.json"), "\(result.errors)")
        }
    }
}

import Files
import MaskStore
import TestSupport
import Testing

@Suite struct DamagedManifestTests {
    /// A folder whose manifest is damaged is left as it is.
    @Test func aDamagedManifestCostsNothing() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        let path = folder["clip_masks"].appending(MaskManifest.fileName)
        let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        for (old, new) in [
            ("\"frameCount\" : 24", "\"frameCount\" : 9223372036854775807"),
            ("\"frame\":3,", "\"frame\":9223372036854775807,"),
            ("\"complete\" : true", "\"complete\" : 1"),
        ] {
            #expect(text.contains(old))
            try AtomicFile.write(text.replacing(old, with: new), to: path)
            let before = try MaskSet.content(of: folder["clip_masks"])

            let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("'\(path)': it is damaged"), "\(result.errors)")
            #expect(try MaskSet.content(of: folder["clip_masks"]) == before)
        }
    }
}

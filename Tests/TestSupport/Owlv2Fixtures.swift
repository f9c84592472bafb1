import Files
import Imaging
import SystemPackage
import Weights

/// What the reference implementation finds with a small random detector:
/// Tests/Fixtures/owlv2/README.md.
package struct Owlv2Fixtures {
    private static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("owlv2")
    /// The small checkpoint.
    package static let tiny = folder.appending("tiny")
    /// The names of the frames.
    package static let frames = ["landscape", "portrait", "square", "small", "large"]
    /// The published checkpoints of which only names and shapes are there.
    package static let published = ["base", "large"]

    /// The texts that were looked for.
    package let texts: [String]
    /// What the reference answers.
    package let expected: FixtureTensors

    /// - Throws: when the files cannot be read.
    package init() throws {
        let path = Self.tiny.appending("expected.json")
        let json = try LocatedJSON(parsing: SmallFile.read(path, limit: 1 << 20))
        texts = json["queries"]?.items?.compactMap(\.string) ?? []
        expected = FixtureTensors(
            try CheckpointWeights(file: Self.tiny.appending("expected.safetensors"))
        )
    }

    /// The folder of a published checkpoint's configuration and list of weights.
    package static func published(_ name: String) -> FilePath {
        folder.appending("published").appending(name)
    }

    /// A frame, of format `rgb24`.
    package func frame(_ name: String) throws -> VideoFrame {
        let image = try expected.bytes(name + ".frame")
        return VideoFrame(
            index: 0,
            time: 0,
            width: image.shape[1],
            height: image.shape[0],
            format: .rgb24,
            pixels: PixelBuffer(byteCount: image.values.count) { $0.copyBytes(from: image.values) }
        )
    }
}

import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Runs `8cut masks depth` with the small checkpoints.
enum DepthRun {
    /// Arguments of a run on the CPU. A model is one of the small ones, or a path.
    static func arguments(
        _ clip: FilePath,
        to output: FilePath,
        model: String = "tiny",
        _ options: [String] = []
    ) -> [String] {
        let path = model.contains("/") ? model : DepthFixtures.folder.appending(model).string
        return [
            "masks", "depth", "-i", clip.string, "-o", output.string, "--model", path, "--device",
            "cpu", "--threads", "1",
        ] + options
    }

    /// Makes masks and expects that to succeed.
    ///
    /// - Parameters:
    ///   - clip: the video.
    ///   - output: the folder for the masks.
    ///   - model: a small checkpoint.
    ///   - options: further options.
    ///   - sourceLocation: the test's line.
    /// - Returns: the masks.
    /// - Throws: when there are none.
    @discardableResult
    static func masks(
        _ clip: FilePath,
        to output: FilePath,
        model: String = "tiny",
        _ options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> MaskSet {
        let result = try await Program.run8cut(
            arguments(clip, to: output, model: model, options),
            environment: TestTools.environment
        )
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        return try MaskSet(output)
    }

    /// A depth map that was kept, in the model's unit: the limits from the manifest, and what
    /// is between them from the image.
    static func depth(_ index: Int, of masks: MaskSet, in folder: FilePath) throws -> [Double] {
        let image = try PNG.readGray16(
            folder.appending("depth").appending(masks.names[index])
        )
        let scores = try #require(masks.manifest.frames[index].scores)
        let farthest = try #require(scores["farthest"])
        let nearest = try #require(scores["nearest"])
        return image.pixels.map { farthest + (nearest - farthest) * Double($0) / 65535 }
    }
}

/// Clips that decode to known pixels.
enum LosslessClip {
    /// Frames of the fixtures as a video in which nothing is lost.
    ///
    /// - Parameters:
    ///   - names: the frames' names; all of one size.
    ///   - path: the file; a Matroska one.
    /// - Returns: `path`.
    /// - Throws: `ProgramFailure` when ffmpeg fails.
    @discardableResult
    static func make(_ names: [String], _ path: FilePath) async throws -> FilePath {
        let frames = try DepthFixtures.tensors("frames")
        let images = try names.map { try frames.bytes($0) }
        let shape = try #require(images.first?.shape)
        let raw = path.removingLastComponent().appending("frames.rgb")
        try images.flatMap(\.values).withUnsafeBytes { try AtomicFile.write($0, to: raw) }
        try await Program.ffmpeg([
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(shape[1])x\(shape[0])", "-i",
            raw.string, "-c:v", "ffv1", "-pix_fmt", "gbrp", path.string,
        ])
        return path
    }
}

import Files
import FoundationEssentials
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Runs `8cut masks sam` with the small checkpoints.
enum SamRun {
    /// The folder of the small checkpoints.
    static let models = Sam2Fixtures.folder

    /// Arguments of a run on the CPU. A model is one of the small ones, or a path. Several tests run at
    /// once, so that further threads would wait in turn for one another.
    static func arguments(
        _ clip: FilePath,
        to output: FilePath,
        model: String = "tiny",
        _ options: [String] = []
    ) -> [String] {
        let path = model.contains("/") ? model : models.appending(model).string
        return [
            "masks", "sam", "-i", clip.string, "-o", output.string, "--model", path, "--device",
            "cpu", "--threads", "1", "--progress", "plain",
        ] + options
    }

    /// Makes masks, expects that to succeed, and that nothing hidden is left.
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
        let hidden = try Folder.names(in: output).filter { $0.hasPrefix(".") }
        #expect(hidden == [], sourceLocation: sourceLocation)
        return try MaskSet(output)
    }

    /// The mask of one object alone.
    static func object(_ number: Int, _ frame: Int, in folder: FilePath) throws -> GrayImage {
        try PNG.readGray(side("object_\(number)", frame, in: folder))
    }

    /// The image of the objects' numbers.
    static func labels(_ frame: Int, in folder: FilePath) throws -> IndexedImage {
        try PNG.readIndexed(side("labels", frame, in: folder))
    }

    private static func side(_ name: String, _ frame: Int, in folder: FilePath) -> FilePath {
        let digits = "\(frame)"
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        return folder.appending(name).appending("frame_\(padding)\(digits).png")
    }

    /// A frame's scores.
    static func scores(_ masks: MaskSet, _ frame: Int) throws -> [String: Double] {
        try #require(masks.manifest.frames[frame].scores)
    }

    /// The frame that an interrupted run resumes with, by direction: "backward" or "forward".
    static func nextFrame(of output: FilePath) throws -> [String: Int] {
        try state(of: output).phase.compactMapValues { $0["next"] }
    }

    /// The anchors that an interrupted run resumes with, of its first object.
    static func anchors(of output: FilePath) throws -> [Int] {
        try state(of: output).banks.first?.anchors?.map(\.frame) ?? []
    }

    private struct State: Decodable {
        struct Bank: Decodable {
            struct Entry: Decodable {
                let frame: Int
            }

            let anchors: [Entry]?
        }

        let phase: [String: [String: Int]]
        let banks: [Bank]
    }

    private static func state(of output: FilePath) throws -> State {
        let path = output.appending(".8cut-work").appending("state.plist")
        // The list is followed by its digest.
        let list = Data(try MaskSet.bytes(of: path).dropLast(64))
        return try PropertyListDecoder().decode(State.self, from: list)
    }
}

import Imaging
import Progress
import SystemPackage
import TestSupport
import Testing

/// What must be true of the masks of any video.
enum MaskCheck {
    /// Makes the masks of a clip and checks their number, names and sizes, the manifest, and
    /// that the last progress event has the true number.
    ///
    /// - Parameters:
    ///   - clip: the video.
    ///   - size: columns and rows that the masks must have.
    ///   - stream: the stream that they must be made for.
    ///   - status: the exit status that is expected.
    ///   - sourceLocation: the test's line.
    /// - Returns: the masks.
    /// - Throws: when they cannot be read.
    @discardableResult
    static func run(
        _ clip: FilePath,
        size: (width: Int, height: Int),
        stream: String = "0:v:0",
        status: Int32 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> MaskSet {
        let output = clip.removingLastComponent().appending("masks-of-it")
        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string, "-o", output.string, "--progress", "json"])
        #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
        let masks = try MaskSet(output)
        let count = try await Clip.frameCount(clip, stream: stream)
        #expect(count > 0, sourceLocation: sourceLocation)
        #expect(masks.names.count == count, sourceLocation: sourceLocation)
        #expect(masks.manifest.complete, sourceLocation: sourceLocation)
        #expect(masks.manifest.frameCount == count, sourceLocation: sourceLocation)
        #expect(masks.manifest.frames.count == count, sourceLocation: sourceLocation)
        #expect((masks.manifest.inputProblem == nil) == (status == 0))
        for index in masks.names.indices {
            let mask = try masks[index]
            #expect(
                mask.width == size.width && mask.height == size.height,
                "\(mask.width)x\(mask.height)",
                sourceLocation: sourceLocation
            )
        }
        let last = try lastProgress(result)
        #expect(last?.done == count, sourceLocation: sourceLocation)
        #expect(last?.total == count, sourceLocation: sourceLocation)
        #expect(last?.totalIsEstimate == false, sourceLocation: sourceLocation)
        return masks
    }

    /// Checks that the object of all masks together is at a place.
    static func expectObject(
        of masks: MaskSet,
        at place: (x: Double, y: Double),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var (sumX, sumY, count) = (0.0, 0.0, 0.0)
        for index in masks.names.indices {
            let mask = try masks[index]
            for (number, pixel) in mask.pixels.enumerated() where pixel >= 128 {
                sumX += (Double(number % mask.width) + 0.5) / Double(mask.width)
                sumY += (Double(number / mask.width) + 0.5) / Double(mask.height)
                count += 1
            }
        }
        let (x, y) = (sumX / max(1, count), sumY / max(1, count))
        #expect(count > 0, "no mask shows an object", sourceLocation: sourceLocation)
        #expect(
            abs(x - place.x) < 0.1 && abs(y - place.y) < 0.1,
            "object at \(x), \(y)",
            sourceLocation: sourceLocation
        )
    }

    /// The last progress event of a run with `--progress json`.
    static func lastProgress(_ result: ProgramResult) throws -> ProgressEvent.Progress? {
        try result.lines.map { try ProgressEvent(jsonLine: $0) }.reduce(nil) { last, event in
            if case .progress(let progress) = event { progress } else { last }
        }
    }
}

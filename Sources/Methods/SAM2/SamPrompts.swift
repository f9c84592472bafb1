import Imaging
import Media
import Prompts
import SystemPackage
import Tracking

extension PromptList {
    /// Checks the prompts against the video that they are for, before any work begins. Counts its
    /// frames where a prompt is on a later one than the first: containers do not declare their
    /// number reliably.
    ///
    /// - Returns: the prompts in pixels.
    /// - Throws: `EightCutError` when the video cannot be read, or that names a prompt which
    ///   cannot be.
    package func resolve(for stream: VideoStream, of input: FilePath) async throws
        -> ResolvedPrompts
    {
        let resolved = try resolve(width: stream.width, height: stream.height)
        let last = entries.map(\.prompt.frame).max() ?? 0
        guard last > 0 else { return resolved }
        try check(frameCount: try await stream.countFrames(of: input, upTo: last))
        return resolved
    }
}

extension VideoStream {
    /// Counts the frames of a video.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - last: frames behind this one are not counted.
    /// - Returns: their number, `last + 1` at most.
    /// - Throws: `EightCutError` when the video cannot be read.
    package func countFrames(of input: FilePath, upTo last: Int) async throws -> Int {
        // Small images, since they are only counted.
        let decoder = VideoDecoder(
            path: input,
            stream: self,
            format: .gray8,
            size: (16, 16),
            range: 0..<last + 1
        )
        return try await decoder.withFrames { frames in
            while try await frames.next() != nil {}
            return frames.count
        }.result
    }
}

/// An object and its prompts for the model.
package struct SamObject: Sendable {
    /// From 1.
    package let number: Int
    /// By frame, in the model's coordinates.
    package let prompts: [Int: DecoderPrompt]

    /// Converts prompts from pixels to the model's coordinates.
    ///
    /// - Parameters:
    ///   - object: the object's prompts in pixels.
    ///   - frame: columns and rows of the video.
    ///   - imageSize: rows and columns of the model's input.
    package init(_ object: ResolvedObject, frame: (width: Int, height: Int), imageSize: Int) {
        number = object.number
        prompts = Dictionary(
            uniqueKeysWithValues: object.frames.map { prompted in
                (prompted.frame, Self.prompt(prompted.input, frame, imageSize))
            }
        )
    }

    /// The frame on which it is prompted first.
    package var start: Int { prompts.keys.min() ?? 0 }

    /// A tracker that has not seen a frame yet, or that continues with a bank of memories.
    package func tracker(
        _ direction: Direction,
        _ traits: TrackingTraits,
        _ bank: MemoryBank? = nil
    ) -> ObjectTracker {
        ObjectTracker(
            object: number,
            prompts: direction == .forward ? prompts : prompts.filter { $0.key == start },
            direction: direction,
            bank: bank ?? MemoryBank(traits, direction)
        )
    }

    private static func prompt(
        _ input: ResolvedPrompt.Input,
        _ frame: (width: Int, height: Int),
        _ imageSize: Int
    ) -> DecoderPrompt {
        // The model's image is stretched; half a pixel leads to a pixel's centre.
        func point(_ x: Double, _ y: Double, _ kind: DecoderPrompt.Kind) -> DecoderPrompt.Point {
            let size = Double(imageSize)
            return DecoderPrompt.Point(
                x: Float((x * size / Double(frame.width) + 0.5) / size),
                y: Float((y * size / Double(frame.height) + 0.5) / size),
                kind: kind
            )
        }
        switch input {
        case .marks(let box, let points):
            let corners = box.map {
                [point($0.x0, $0.y0, .upperLeft), point($0.x1, $0.y1, .lowerRight)]
            }
            let others = points.map { point($0.x, $0.y, $0.isPositive ? .positive : .negative) }
            return DecoderPrompt(points: (corners ?? []) + others)
        case .mask(let image):
            let resize = AntialiasedPlaneResize(
                from: (image.width, image.height),
                to: (imageSize, imageSize)
            )
            let plane = resize.resized(image.pixels.map { $0 >= 128 ? 1 : 0 })
            return DecoderPrompt(mask: .object(plane.map { $0 >= 0.5 ? 1 : 0 }))
        }
    }
}

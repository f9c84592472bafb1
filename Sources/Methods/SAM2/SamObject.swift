import Imaging
import Prompts
import Tracking

/// An object and what the model is prompted with, by frame.
package struct SamObject: Sendable {
    /// Its number, from 1.
    package let number: Int
    /// In the model's own measures.
    package let prompts: [Int: DecoderPrompt]

    /// Brings a video's prompts to the model's measures.
    ///
    /// - Parameters:
    ///   - object: what the user said about the object.
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

    /// A tracker that has not seen a frame yet, or that goes on from what is remembered.
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

    /// What one frame is prompted with.
    static func prompt(
        _ input: FrameInput,
        _ frame: (width: Int, height: Int),
        _ imageSize: Int
    ) -> DecoderPrompt {
        // The model's picture is stretched; half a pixel leads to a pixel's centre.
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

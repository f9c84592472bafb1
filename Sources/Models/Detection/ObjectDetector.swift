import Imaging

/// A model that finds things by their names: image and texts in, boxes and their fit out. What is
/// above it is the same for every detector.
package protocol ObjectDetector: Sendable {
    /// Texts, as the model compares them with images.
    associatedtype Queries: Sendable

    /// Gets texts ready. The fit to the texts of one group is averaged, before it becomes a score:
    /// the wordings of one query.
    ///
    /// - Parameter groups: at least one group of at least one text.
    /// - Returns: a query for each group.
    /// - Throws: `EightCutError` when a text is too long for the model, or the model cannot be
    ///   run; `CancellationError`.
    func queries(_ groups: [[String]]) async throws -> Queries

    /// Looks for the things in a frame.
    ///
    /// - Parameters:
    ///   - frame: of format `rgb24`.
    ///   - queries: what to look for.
    /// - Returns: all boxes that the detector proposes, good and bad, in no order.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    func detections(in frame: VideoFrame, of queries: Queries) async throws -> [Detection]
}

/// A box that a detector proposes.
package struct Detection: Sendable, Equatable {
    /// Where it is, in pixels of the upright frame; it may lie partly outside.
    package let box: DetectionBox
    /// How well each query fits, before the sigmoid function.
    package let logits: [Float]
    /// How much it looks like any thing at all, before the sigmoid function.
    package let objectness: Float

    package init(box: DetectionBox, logits: [Float], objectness: Float) {
        self.box = box
        self.logits = logits
        self.objectness = objectness
    }
}

/// A box by its corners, in pixels.
package struct DetectionBox: Sendable, Equatable, Codable {
    /// Left, top, right and bottom edge: x0, y0, x1, y1.
    package let x0, y0, x1, y1: Float

    package init(x0: Float, y0: Float, x1: Float, y1: Float) {
        (self.x0, self.y0, self.x1, self.y1) = (x0, y0, x1, y1)
    }

    package var area: Float { max(0, x1 - x0) * max(0, y1 - y0) }

    /// The part of it inside a frame.
    package func clipped(width: Int, height: Int) -> DetectionBox {
        let (right, bottom) = (Float(width), Float(height))
        return DetectionBox(
            x0: min(max(x0, 0), right),
            y0: min(max(y0, 0), bottom),
            x1: min(max(x1, 0), right),
            y1: min(max(y1, 0), bottom)
        )
    }

    /// Intersection over union, 0…1.
    package func iou(_ other: DetectionBox) -> Float {
        let common = DetectionBox(
            x0: max(x0, other.x0),
            y0: max(y0, other.y0),
            x1: min(x1, other.x1),
            y1: min(y1, other.y1)
        ).area
        let union = area + other.area - common
        return union > 0 ? common / union : 0
    }
}

import Imaging

/// Prompts that a video's frames can be held to: in pixels, checked, object by object.
package struct ResolvedPrompts: Sendable, Equatable {
    /// By their numbers, which may have gaps; at least one.
    package let objects: [ResolvedObject]

    /// Wraps what is in order already.
    package init(objects: [ResolvedObject]) {
        self.objects = objects
    }

    /// What is meant when nothing was said: the pixel in the middle of the first frame.
    package static func centre(width: Int, height: Int) -> ResolvedPrompts {
        let point = PixelPoint(x: Double(width / 2), y: Double(height / 2), isPositive: true)
        let frame = ResolvedFrame(frame: 0, input: .marks(box: nil, points: [point]))
        return ResolvedPrompts(objects: [ResolvedObject(number: 1, frames: [frame])])
    }
}

/// An object and what was said about it.
package struct ResolvedObject: Sendable, Equatable {
    /// 1 to 255.
    package let number: Int
    /// The frames with prompts in the order of the video, at least one. The first says more than
    /// where the object is not; the later ones are corrections.
    package let frames: [ResolvedFrame]

    /// Wraps what is in order already.
    package init(number: Int, frames: [ResolvedFrame]) {
        self.number = number
        self.frames = frames
    }
}

/// What was said about an object on a frame.
package struct ResolvedFrame: Sendable, Equatable {
    /// From 0.
    package let frame: Int
    /// What was said.
    package let input: FrameInput

    /// Puts it together.
    package init(frame: Int, input: FrameInput) {
        self.frame = frame
        self.input = input
    }
}

/// What can be said about an object on a frame.
package enum FrameInput: Sendable, Equatable {
    /// A box, points, or both. Points are in an order that does not depend on how they were
    /// given, the positive ones first; no place comes twice.
    case marks(box: PixelBox?, points: [PixelPoint])
    /// A mask of the video's size, 255 where the object is and 0 elsewhere.
    case mask(GrayImage)
}

/// A rectangle in pixels of the video: 0 <= x0 < x1 <= width, 0 <= y0 < y1 <= height.
package struct PixelBox: Sendable, Equatable {
    /// The left side.
    package let x0: Double
    /// The top.
    package let y0: Double
    /// The right side.
    package let x1: Double
    /// The bottom.
    package let y1: Double

    /// Puts it together.
    package init(x0: Double, y0: Double, x1: Double, y1: Double) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
    }
}

/// A place in pixels of the video: 0 <= x < width, 0 <= y < height.
package struct PixelPoint: Sendable, Hashable {
    /// From the left.
    package let x: Double
    /// From the top.
    package let y: Double
    /// Whether it is on the object, or beside it.
    package let isPositive: Bool

    /// Puts it together.
    package init(x: Double, y: Double, isPositive: Bool) {
        self.x = x
        self.y = y
        self.isPositive = isPositive
    }
}

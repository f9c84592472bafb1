import Pixels

/// Prompts that a video's frames can be held to: in pixels, checked, object by object.
public struct ResolvedPrompts: Sendable, Equatable {
    /// By their numbers, which may have gaps; at least one.
    public let objects: [ResolvedObject]

    /// Wraps what is in order already.
    public init(objects: [ResolvedObject]) {
        self.objects = objects
    }

    /// What is meant when nothing was said: the pixel in the middle of the first frame.
    public static func centre(width: Int, height: Int) -> ResolvedPrompts {
        let point = PixelPoint(x: Double(width / 2), y: Double(height / 2), isPositive: true)
        let frame = ResolvedFrame(frame: 0, input: .marks(box: nil, points: [point]))
        return ResolvedPrompts(objects: [ResolvedObject(number: 1, frames: [frame])])
    }
}

/// An object and what was said about it.
public struct ResolvedObject: Sendable, Equatable {
    /// 1 to 255.
    public let number: Int
    /// The frames with prompts in the order of the video, at least one. The first says more than
    /// where the object is not; the later ones are corrections.
    public let frames: [ResolvedFrame]

    /// Wraps what is in order already.
    public init(number: Int, frames: [ResolvedFrame]) {
        self.number = number
        self.frames = frames
    }
}

/// What was said about an object on a frame.
public struct ResolvedFrame: Sendable, Equatable {
    /// From 0.
    public let frame: Int
    /// What was said.
    public let input: FrameInput

    /// Puts it together.
    public init(frame: Int, input: FrameInput) {
        self.frame = frame
        self.input = input
    }
}

/// What can be said about an object on a frame.
public enum FrameInput: Sendable, Equatable {
    /// A box, points, or both. Points are in an order that does not depend on how they were
    /// given, the positive ones first; no place comes twice.
    case marks(box: PixelBox?, points: [PixelPoint])
    /// A mask of the video's size, 255 where the object is and 0 elsewhere.
    case mask(GrayImage)
}

/// A rectangle in pixels of the video: 0 <= x0 < x1 <= width, 0 <= y0 < y1 <= height.
public struct PixelBox: Sendable, Equatable {
    /// The left side.
    public let x0: Double
    /// The top.
    public let y0: Double
    /// The right side.
    public let x1: Double
    /// The bottom.
    public let y1: Double

    /// Puts it together.
    public init(x0: Double, y0: Double, x1: Double, y1: Double) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
    }
}

/// A place in pixels of the video: 0 <= x < width, 0 <= y < height.
public struct PixelPoint: Sendable, Hashable {
    /// From the left.
    public let x: Double
    /// From the top.
    public let y: Double
    /// Whether it is on the object, or beside it.
    public let isPositive: Bool

    /// Puts it together.
    public init(x: Double, y: Double, isPositive: Bool) {
        self.x = x
        self.y = y
        self.isPositive = isPositive
    }
}

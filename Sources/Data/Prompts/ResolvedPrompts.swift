import Imaging

/// Checked prompts in pixels of a video, by object.
package struct ResolvedPrompts: Sendable, Equatable {
    /// At least one, sorted by number; numbers may have gaps.
    package let objects: [ResolvedObject]

    package init(objects: [ResolvedObject]) {
        self.objects = objects
    }

    /// The default without prompts: the middle of the first frame.
    package static func centre(width: Int, height: Int) -> ResolvedPrompts {
        let point = PixelPoint(x: Double(width / 2), y: Double(height / 2), isPositive: true)
        let frame = ResolvedPrompt(frame: 0, input: .marks(box: nil, points: [point]))
        return ResolvedPrompts(objects: [ResolvedObject(number: 1, frames: [frame])])
    }
}

/// An object and its prompts.
package struct ResolvedObject: Sendable, Equatable {
    /// 1 to 255.
    package let number: Int
    /// At least one, sorted by frame. The first has more than negative points; the later ones are
    /// corrections.
    package let frames: [ResolvedPrompt]

    /// Whether nothing but one point says at first what it is.
    package var startsWithOnePoint: Bool {
        if case .marks(box: nil, let points)? = frames.first?.input {
            points.count == 1
        } else {
            false
        }
    }

    package init(number: Int, frames: [ResolvedPrompt]) {
        self.number = number
        self.frames = frames
    }
}

/// All prompts of an object on a frame.
package struct ResolvedPrompt: Sendable, Equatable {
    package enum Input: Sendable, Equatable {
        /// A box, points, or both. Points are unique and sorted, the positive ones first.
        case marks(box: PixelBox?, points: [PixelPoint])
        /// A mask of the video's size, 255 where the object is and 0 elsewhere.
        case mask(GrayImage)
    }

    /// From 0.
    package let frame: Int
    package let input: Input

    package init(frame: Int, input: Input) {
        self.frame = frame
        self.input = input
    }
}

/// A rectangle in pixels of the video: 0 <= x0 < x1 <= width, 0 <= y0 < y1 <= height.
package struct PixelBox: Sendable, Equatable {
    package let x0: Double
    package let y0: Double
    package let x1: Double
    package let y1: Double

    package init(x0: Double, y0: Double, x1: Double, y1: Double) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
    }
}

/// A point in pixels of the video: 0 <= x < width, 0 <= y < height.
package struct PixelPoint: Sendable, Hashable {
    package let x: Double
    package let y: Double
    /// Whether it is on the object, not beside it.
    package let isPositive: Bool

    package init(x: Double, y: Double, isPositive: Bool) {
        self.x = x
        self.y = y
        self.isPositive = isPositive
    }
}

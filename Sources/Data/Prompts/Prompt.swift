import SystemPackage

/// Something that tells which object is meant: a mark on one frame.
package struct Prompt: Sendable, Equatable {
    /// The frame that it is on, from 0.
    package let frame: Int
    /// The object that it is about, from 1.
    package let object: Int
    /// What it shows.
    package let mark: Mark

    /// Frames that can be named; no video is longer.
    package static let frames = 0...999_999_999
    /// Objects that can be named: pictures of labels have 8 bits, and 0 is the background.
    package static let objects = 1...255

    /// Puts a prompt together; `PromptList` checks it.
    package init(frame: Int = 0, object: Int = 1, mark: Mark) {
        self.frame = frame
        self.object = object
        self.mark = mark
    }
}

/// What a prompt shows of its object.
package enum Mark: Sendable, Equatable {
    /// A place on the object, or (negative) beside it.
    case point(Coordinate, isPositive: Bool)
    /// The left top and the right bottom corner of a rectangle around the object.
    case box(Coordinate, Coordinate)
    /// A grey picture of the frame's size, 128 or more where the object is.
    case mask(FilePath)
}

/// A place on the frame.
package struct Coordinate: Sendable, Equatable {
    /// From the left.
    package var x: Length
    /// From the top.
    package var y: Length

    /// Puts a place together.
    package init(x: Length, y: Length) {
        self.x = x
        self.y = y
    }
}

import SystemPackage

/// Something that tells which object is meant: a mark on one frame.
public struct Prompt: Sendable, Equatable {
    /// The frame that it is on, from 0.
    public let frame: Int
    /// The object that it is about, from 1.
    public let object: Int
    /// What it shows.
    public let mark: Mark

    /// Frames that can be named; no video is longer.
    public static let frames = 0...999_999_999
    /// Objects that can be named: pictures of labels have 8 bits, and 0 is the background.
    public static let objects = 1...255

    /// Puts a prompt together; `PromptList` checks it.
    public init(frame: Int = 0, object: Int = 1, mark: Mark) {
        self.frame = frame
        self.object = object
        self.mark = mark
    }
}

/// What a prompt shows of its object.
public enum Mark: Sendable, Equatable {
    /// A place on the object, or (negative) beside it.
    case point(Coordinate, isPositive: Bool)
    /// The left top and the right bottom corner of a rectangle around the object.
    case box(Coordinate, Coordinate)
    /// A grey picture of the frame's size, 128 or more where the object is.
    case mask(FilePath)
}

/// A place on the frame.
public struct Coordinate: Sendable, Equatable {
    /// From the left.
    public var x: Length
    /// From the top.
    public var y: Length

    /// Puts a place together.
    public init(x: Length, y: Length) {
        self.x = x
        self.y = y
    }
}

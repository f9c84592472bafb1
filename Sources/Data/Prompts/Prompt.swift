import Diagnostics
import Files
import SystemPackage

/// A prompt for one object on one frame, as it was given.
package struct Prompt: Sendable, Equatable {
    /// From 0.
    package let frame: Int
    /// From 1.
    package let object: Int
    package let content: Content

    /// Valid frame numbers; no video is longer.
    package static let frames = 0...999_999_999
    /// Valid object numbers: label images have 8 bits, and 0 is the background.
    package static let objects = 1...255

    /// `PromptList` checks the numbers.
    package init(frame: Int = 0, object: Int = 1, _ content: Content) {
        self.frame = frame
        self.object = object
        self.content = content
    }

    package enum Content: Sendable, Equatable {
        /// A positive point is on the object, a negative one beside it.
        case point(Coordinate, isPositive: Bool)
        /// The top left and the bottom right corner of a box around the object.
        case box(Coordinate, Coordinate)
        /// An 8-bit grey image of the frame's size, 128 or more where the object is.
        case mask(FilePath)
    }
}

/// A position in the frame.
package struct Coordinate: Sendable, Equatable {
    package var x: Length
    package var y: Length

    package init(x: Length, y: Length) {
        self.x = x
        self.y = y
    }
}

/// A position along the width or the height of the frame.
package enum Length: Sendable, Equatable {
    /// In pixels of the video; 0 is the first pixel.
    case pixels(Double)
    /// In parts of the width or the height: 0 is the first pixel, 1 is behind the last one.
    case fraction(Double)
    /// The pixel in the middle: half of the width or height, rounded down.
    case middle

    /// In pixels, for a frame of that width or height.
    func pixels(of side: Int) -> Double {
        switch self {
        // Adding 0 turns -0 into 0.
        case .pixels(let number): number + 0
        case .fraction(let number): number * Double(side) + 0
        case .middle: Double(side / 2)
        }
    }
}

enum Axis: String {
    case x = "w"
    case y = "h"

    var name: String { self == .x ? "width" : "height" }

    /// The length as it is written: "640", "0.5w".
    func text(of length: Length) -> String {
        switch length {
        case .pixels(let number): decimal(number)
        case .fraction(let number): decimal(number) + rawValue
        case .middle: "center"
        }
    }
}

extension Axis {
    /// Parses "640" or "0.5w".
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - field: the name for messages: "x".
    ///   - origin: the prompt.
    /// - Returns: the length.
    /// - Throws: `EightCutError` when it is neither, or not finite.
    func length(_ text: some StringProtocol, _ field: String, _ origin: PromptOrigin) throws
        -> Length
    {
        let word = String(text.trimming { $0 == " " })
        let part = word.removing(suffix: rawValue)
        let digits = part.map(String.init) ?? word
        let other: Axis = self == .x ? .y : .x
        if let part = word.removing(suffix: other.rawValue), Double(part) != nil {
            throw origin.error(
                "\(field) is \(quoted(word)), a part of the \(other.name), where a part of the "
                    + "\(name) belongs",
                remedy: "Write \(part)\(rawValue), or a number of pixels."
            )
        }
        guard let number = Double(digits),
            !digits.unicodeScalars.contains(where: { $0 == "x" || $0 == "X" })
        else {
            throw origin.error(
                "\(field) is \(quoted(word)), which is no number",
                remedy: "Write pixels, such as 640, or a part of the \(name), such as "
                    + "0.5\(rawValue)."
            )
        }
        guard number.isFinite else {
            throw origin.error(
                "\(field) is \(quoted(word)), which is not finite",
                remedy: "Write pixels, such as 640, or a part of the \(name), such as "
                    + "0.5\(rawValue)."
            )
        }
        return part == nil ? .pixels(number) : .fraction(number)
    }
}

import Media

/// Which frames of a clip a consumer reads as images, and how large.
package struct ImageRule: Sendable, Equatable {
    /// The ending of their files: ".jpg" or ".png".
    package let ending: String
    /// Columns and rows, to which frames are stretched; nil for the clip's own size.
    package let side: Int?
    /// One frame of each of so many seconds is taken; nil for all frames.
    package let seconds: Int?

    init(ending: String, side: Int? = nil, seconds: Int? = nil) {
        self.ending = ending
        self.side = side
        self.seconds = seconds
    }

    /// The frames that are taken: of each second the one at 15/16, as AVSBench's scripts take them.
    ///
    /// - Parameter clip: what it has.
    /// - Returns: the numbers of the frames, from 0.
    package func frames(of clip: ClipFacts) -> [Int] {
        guard let seconds else { return Array(0..<clip.frameCount) }
        let rate = clip.frameRate.value.rounded()
        return (0..<seconds).map {
            min(Int(Double($0) * rate + rate * 15 / 16), clip.frameCount - 1)
        }
    }

    /// The name of an image.
    ///
    /// - Parameters:
    ///   - number: its place among the images, from 0.
    ///   - stem: the name of the clip.
    /// - Returns: the name, with its ending.
    package func name(_ number: Int, of stem: String) -> String {
        guard seconds == nil else { return "\(stem)_\(number + 1)\(ending)" }
        let digits = "\(number)"
        return "frame_" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            + ending
    }
}

/// What a consumer reads of a clip's audio as a WAV file of one channel.
package struct AudioRule: Sendable, Equatable {
    /// In Hz.
    package let sampleRate: Int
    /// From the start of the clip.
    package let seconds: Int
}

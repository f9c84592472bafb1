/// Frames between two changes of the scene.
package struct Shot: Sendable, Equatable {
    /// How a shot begins.
    package enum Kind: String, Sendable, CaseIterable {
        /// With the video.
        case start
        /// From one frame to the next.
        case cut
        /// Mixed with the shot before.
        case dissolve
        /// From black, or after the shot before has faded to black.
        case fade
    }

    /// The first frame. Shots follow each other without gaps; within a dissolve or a fade, a shot
    /// begins in the middle.
    package var start: Int
    /// The frame after the last one.
    package var end: Int
    package var kind: Kind
    /// How clear the change at its start is: 0…1, a rank and not a probability. 1 for `start`.
    package var score: Double
    /// The frames that show both shots, or less than one; empty for a cut.
    package var transition: Range<Int>

    package init(start: Int, end: Int, kind: Kind, score: Double, transition: Range<Int>) {
        self.start = start
        self.end = end
        self.kind = kind
        self.score = score
        self.transition = transition
    }
}

/// A change from one shot to the next.
struct ShotChange: Sendable, Equatable {
    /// The first frame of the new shot.
    var frame: Int
    var kind: Shot.Kind
    var score: Double
    var transition: Range<Int>

    init(cut frame: Int, score: Double) {
        (self.frame, self.score) = (frame, score)
        kind = .cut
        transition = frame..<frame
    }

    init(frame: Int, kind: Shot.Kind, score: Double, transition: Range<Int>) {
        (self.frame, self.kind, self.score, self.transition) = (frame, kind, score, transition)
    }
}

import ShotDetection

/// A clip that may be worth keeping.
package struct Candidate: Sendable, Equatable {
    /// The first frame.
    package var startFrame: Int
    /// Its time, in seconds from the start of the video.
    package var start: Double
    /// In seconds.
    package var duration: Double
    /// The number of its shot, and the shot.
    package var shotIndex: Int
    package var shot: Shot
    /// How well it fits, 0…1: a rank and not a probability.
    package var score: Double
    /// 1 for the best.
    package var rank = 0
    /// What the score is made of.
    package var reasons: [Reason]
    package var flags: [Flag]

    package init(
        startFrame: Int,
        start: Double,
        duration: Double,
        shotIndex: Int,
        shot: Shot,
        score: Double,
        rank: Int = 0,
        reasons: [Reason],
        flags: [Flag]
    ) {
        (self.startFrame, self.start, self.duration) = (startFrame, start, duration)
        (self.shotIndex, self.shot) = (shotIndex, shot)
        (self.score, self.rank) = (score, rank)
        (self.reasons, self.flags) = (reasons, flags)
    }

    /// A signal, and the limit that it was held against.
    package struct Reason: Sendable, Equatable {
        package let name: Signal
        /// Nil where it is not known.
        package let value: Double?
        /// Nil where there is none.
        package let limit: Double?

        package init(_ name: Signal, _ value: Double?, _ limit: Double?) {
            (self.name, self.value, self.limit) = (name, value, limit)
        }
    }

    /// What a clip is measured by, as it is written.
    package enum Signal: String, Sendable, CaseIterable {
        /// The share of silence.
        case silence
        /// The level of the effects in dBFS.
        case level
        /// The bandwidth of the recording in Hz.
        case bandwidth
        /// How many sounds begin.
        case onsets
        /// The share of still frames.
        case still
        /// The share of black frames.
        case black
        /// The share of clipped samples.
        case clipping
        case speech, music
    }

    /// What is to be said of a clip.
    package enum Flag: String, Sendable, CaseIterable {
        case speech, music
        /// Samples are clipped.
        case clipped
        /// Left and right are the same.
        case mono
        /// Black rows or columns are around the content.
        case letterbox
        /// The library has a clip of this place.
        case exported
        /// A person has rejected it.
        case rejected
    }
}

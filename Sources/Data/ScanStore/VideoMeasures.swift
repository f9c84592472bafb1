import ShotDetection
import SoundSignals

/// All that was measured of a video.
package struct VideoMeasures: Sendable, Equatable {
    /// Of all frames, in order.
    package var frames: [FrameMeasures]
    /// When each frame is shown, in seconds from the start of the video, ascending.
    package var times: [Double]
    /// Of the audio; nil where there is none.
    package var sound: SoundRecord?

    package init(frames: [FrameMeasures] = [], times: [Double] = [], sound: SoundRecord? = nil) {
        (self.frames, self.times, self.sound) = (frames, times, sound)
    }
}

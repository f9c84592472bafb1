/// When the pictures of a part of a video are shown.
package struct FrameTimes: Sendable, Equatable {
    /// timestamps of the pictures, in the stream's time base, in order.
    package let timestamps: [Int]
    /// How long the last picture of all is shown, in the time base; nil when the part does not go
    /// as far, or nothing tells it.
    package let lastDuration: Int?
    /// Whether the last picture is the last of the video.
    package let isEnd: Bool
    /// Where ffmpeg has to jump to see all of them, in microseconds of the file's timestamps; nil
    /// for its start.
    package let seek: Int?

    /// Puts them together.
    package init(timestamps: [Int], lastDuration: Int?, isEnd: Bool, seek: Int?) {
        self.timestamps = timestamps
        self.lastDuration = lastDuration
        self.isEnd = isEnd
        self.seek = seek
    }
}

/// When the pictures of a part of a video are shown.
package struct PictureTimes: Sendable, Equatable {
    /// Time stamps of the pictures, in the stream's time base, in order.
    package let stamps: [Int]
    /// How long the last picture of all is shown, in the time base; nil when the part does not go
    /// as far, or nothing tells it.
    package let lastDuration: Int?
    /// Whether the last picture is the last of the video.
    package let isEnd: Bool
    /// Where ffmpeg has to jump to see all of them, in microseconds of the file's time stamps; nil
    /// for its start.
    package let jump: Int?

    /// Puts them together.
    package init(stamps: [Int], lastDuration: Int?, isEnd: Bool, jump: Int?) {
        self.stamps = stamps
        self.lastDuration = lastDuration
        self.isEnd = isEnd
        self.jump = jump
    }
}

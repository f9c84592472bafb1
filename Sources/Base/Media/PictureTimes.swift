/// When the pictures of a part of a video are shown.
public struct PictureTimes: Sendable, Equatable {
    /// Time stamps of the pictures, in the stream's time base, in order.
    public let stamps: [Int]
    /// How long the last picture of all is shown, in the time base; nil when the part does not go
    /// as far, or nothing tells it.
    public let lastDuration: Int?
    /// Whether the last picture is the last of the video.
    public let isEnd: Bool
    /// Where ffmpeg has to jump to see all of them, in microseconds of the file's time stamps; nil
    /// for its start.
    public let jump: Int?

    /// Puts them together.
    public init(stamps: [Int], lastDuration: Int?, isEnd: Bool, jump: Int?) {
        self.stamps = stamps
        self.lastDuration = lastDuration
        self.isEnd = isEnd
        self.jump = jump
    }
}

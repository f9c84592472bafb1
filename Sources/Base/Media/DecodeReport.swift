/// How a decoding went.
public struct DecodeReport: Sendable, Equatable {
    /// How many frames there were.
    public let frameCount: Int
    /// What is wrong with the input, nil when nothing is.
    public let problem: String?
    /// How many errors ffmpeg has reported.
    public let problemCount: Int
    /// Whether pictures changed their size or form on the way, so that ffmpeg made its filters
    /// anew. Then a range that does not begin with the first frame is not the one asked for,
    /// because its frames are counted by a filter.
    public let changesInMidStream: Bool
}

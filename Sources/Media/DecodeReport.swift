/// How a decoding went.
public struct DecodeReport: Sendable, Equatable {
    /// How many frames there were.
    public let frameCount: Int
    /// What is wrong with the input, nil when nothing is.
    public let problem: String?
    /// How many errors ffmpeg has reported.
    public let problemCount: Int
}

/// How a decoding went.
package struct DecodeReport: Sendable, Equatable {
    /// How many frames there were.
    package let frameCount: Int
    /// What is wrong with the input, nil when nothing is.
    package let problem: String?
    /// How many errors ffmpeg has reported.
    package let problemCount: Int
    /// Whether pictures changed their size or form on the way, so that ffmpeg made its filters
    /// anew. Then a range that does not begin with the first frame is not the one asked for,
    /// because its frames are counted by a filter.
    package let changesInMidStream: Bool
}

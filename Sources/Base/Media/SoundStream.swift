/// What is known about a sound stream before it is decoded.
public struct SoundStream: Sendable, Equatable {
    /// Number of the stream in the file.
    public let index: Int
    /// Samples per second.
    public let sampleRate: Int
    /// How many channels there are.
    public let channels: Int
    /// Whether the file wants players to take it.
    public let isDefault: Bool
}

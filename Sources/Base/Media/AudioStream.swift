/// What is known about a sound stream before it is decoded.
package struct AudioStream: Sendable, Equatable {
    /// Number of the stream in the file.
    package let index: Int
    /// Samples per second.
    package let sampleRate: Int
    /// How many channels there are.
    package let channels: Int
    /// Whether the file wants players to take it.
    package let isDefault: Bool
}

import GRDB

/// Masks that were made of a clip.
public struct LibraryMasks: Sendable, Equatable, Codable, FetchableRecord {
    /// The clip's number.
    public let clipId: Int64
    /// "saliency", "depth", "sam".
    public let method: String
    /// The folder: an absolute path.
    public let path: String
    /// The method's settings as JSON.
    public let settings: String
    /// How many masks.
    public let frameCount: Int
    /// Whether the clip was cut again since.
    public let isStale: Bool
    /// When they were made, in seconds since 1970.
    public let madeAt: Double
}

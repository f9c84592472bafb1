import GRDB

/// Masks that were made of a clip.
package struct LibraryMasks: Sendable, Equatable, Codable, FetchableRecord {
    /// The clip's number.
    package let clipId: Int64
    /// "saliency", "depth", "sam".
    package let method: String
    /// The folder: an absolute path.
    package let path: String
    /// The method's settings as JSON.
    package let settings: String
    /// How many masks.
    package let frameCount: Int
    /// Whether the clip was cut again since.
    package let isStale: Bool
    /// When they were made, in seconds since 1970.
    package let madeAt: Double
}

import Diagnostics

/// A clip as another program's list has it. Nothing of it has been compared with the disk.
package struct ForeignClip: Sendable, Equatable {
    /// Where it is said: "line 3", or "row 12".
    package let place: String
    /// The file; absolute, or relative to the folder of the list.
    package let path: String
    package var label: String?
    package var category: String?
    /// The source video: absolute, or relative like `path`; nil where the list does not say it.
    package var source: String?
    /// The time of the first frame in seconds from the start of the source.
    package var start: Double?
    /// In seconds.
    package var duration: Double?
    /// The aspect ratio that it was cropped to, such as "9:16".
    package var crop: String?
    /// Position of the crop, from 0 to 1.
    package var cropCenter: Double?
    /// Pixels of the shorter side.
    package var shortSide: Int?
    /// Its folders of masks, as `path`.
    package var masks: [String] = []

    package init(place: String, path: String) {
        (self.place, self.path) = (place, path)
    }
}

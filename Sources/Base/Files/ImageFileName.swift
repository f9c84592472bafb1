import SystemPackage

/// Names of files that can be images of a video in a folder.
package enum ImageFileName {
    /// The extensions, in lower case: JPEG, PNG, WebP and TIFF.
    private static let endings: Set<String> = ["jpg", "jpeg", "png", "webp", "tif", "tiff"]

    /// Whether a name is that of an image. Hidden files, such as those that macOS writes beside
    /// others, are none.
    package static func isImage(_ name: FilePath.Component) -> Bool {
        guard name.string.utf8.first != UInt8(ascii: "."), let ending = name.extension else {
            return false
        }
        return endings.contains(ending.lowercased())
    }
}

import Diagnostics
import Files
import SystemPackage

/// A `dataset.json` of any program: a list of objects with `path` and `label`, or `video_path` and
/// `prompt`. Those of 8cut have `category`, `source`, `start`, `duration` and `masks` as well.
package struct ForeignList: Sendable {
    package let clips: [ForeignClip]
    /// The folder that relative paths begin at.
    package let folder: FilePath

    private static let mostBytes = 128 << 20

    /// - Throws: `EightCutError` when there is no such file, or it is no such list.
    package init(_ path: FilePath) throws {
        let path = path.absolute
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: Self.mostBytes)
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot read the list of clips",
                on: path.string,
                because: "\(error)",
                remedy: "Give the list of clips, such as dataset.json."
            )
        }
        guard let items = (try? LocatedJSON(parsing: DecodedText.utf8(bytes), .lenient))?.items
        else {
            throw EightCutError(
                .inputUnusable,
                "cannot read the list of clips",
                on: path.string,
                because: "it is no JSON list",
                remedy: "Give a list of objects with path and label."
            )
        }
        folder = path.removingLastComponent()
        clips = items.map(Self.clip)
    }

    private static func clip(_ item: LocatedJSON) -> ForeignClip {
        let path = item["path"]?.string ?? item["video_path"]?.string ?? ""
        var clip = ForeignClip(place: "line \(item.line)", path: path)
        clip.label = item["label"]?.string ?? item["prompt"]?.string
        clip.category = item["category"]?.string
        clip.source = item["source"]?.string
        clip.start = item["start"]?.number
        clip.duration = item["duration"]?.number
        clip.masks = (item["masks"]?.items ?? []).compactMap { $0["path"]?.string }
        return clip
    }
}

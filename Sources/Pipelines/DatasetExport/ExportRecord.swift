import DatasetProfiles
import Diagnostics
import Files
import FoundationEssentials
import MaskStore
import SystemPackage

/// `.8cut/export.json` in a data set: what was written, and from what.
package struct ExportRecord: Sendable, Equatable, Codable {
    package static let currentVersion = 1
    static let folder: FilePath.Component = ".8cut"
    static let name: FilePath.Component = "export.json"
    private static let mostBytes = 256 << 20

    /// A file of the data set, or a folder of images.
    package struct File: Sendable, Equatable, Codable {
        /// The SHA-256 of what it was made from, and how.
        let digest: String
        /// Its size in bytes, or the number of images in the folder.
        let size: Int
    }

    /// Where a clip comes from.
    package struct Clip: Sendable, Equatable, Codable {
        /// Its number in the library.
        package let id: Int64
        package let source: String
        /// In seconds.
        package let start: Double
        /// In seconds.
        package let duration: Double
        package let split: DatasetSplit?
        /// The largest absolute sample of its audio, and that of its channels mixed to one; nil
        /// where that is not measured.
        package var peak: Double?
        package var mixedPeak: Double?
    }

    package let version: Int
    /// The version of 8cut that wrote it.
    package let program: String
    package let profile: String
    /// "white" or "black": the object in the masks; nil without masks.
    package let object: String?
    package let summary: DatasetSummary
    /// By the paths of the clips in the data set.
    package let clips: [String: Clip]
    /// By their paths in the data set.
    package let files: [String: File]

    init(_ plan: DatasetPlan, files: [String: File]) {
        let profile = plan.request.profile
        version = Self.currentVersion
        program = programVersion
        self.profile = profile.name
        let masks = plan.request.hasMasks ? profile.masks : nil
        object = masks.map { $0.polarity == .whiteObject ? "white" : "black" }
        summary = plan.summary
        clips = plan.rows.reduce(into: [:]) { clips, planned in
            guard let row = planned.row else { return }
            clips[profile.layout.clip(row)] = Clip(
                id: planned.clip.id,
                source: row.source,
                start: row.start,
                duration: row.duration,
                split: row.split,
                peak: planned.loudness?.peak,
                mixedPeak: planned.loudness?.mixedPeak
            )
        }
        self.files = files
    }

    /// The record of a data set.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `EightCutError` when it cannot be read, or is of a later version.
    package init?(in dataset: OpenFolder) throws {
        guard let folder = try dataset.folder(Self.folder),
            let bytes = try folder.read(Self.name, limit: Self.mostBytes)
        else { return nil }
        do {
            self = try JSONDecoder().decode(ExportRecord.self, from: Data(bytes))
        } catch {
            throw Self.unusable(dataset, "its record is damaged")
        }
        guard version <= Self.currentVersion else {
            throw Self.unusable(dataset, "a later version of 8cut has written it")
        }
    }

    /// How loud the clips are, by the digests of their files.
    var loudness: [String: Loudness] {
        clips.reduce(into: [:]) { known, clip in
            guard let peak = clip.value.peak, let mixed = clip.value.mixedPeak,
                let file = files[clip.key]
            else { return }
            known[file.digest] = Loudness(peak: peak, mixedPeak: mixed)
        }
    }

    private static func unusable(_ dataset: OpenFolder, _ why: MessageText) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot use the data set",
            on: dataset.path.appending(folder).appending(name).string,
            because: why,
            remedy: "Choose another folder."
        )
    }

    func write(to dataset: OpenFolder) throws {
        try dataset.createFolder(Self.folder)
            .write(try JSONText.pretty(self) + "\n", to: Self.name)
    }
}

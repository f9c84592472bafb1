import Diagnostics

/// A part of a data set.
package enum DatasetSplit: String, Sendable, Codable, CaseIterable {
    case train, val, test
}

/// A clip of a data set, as its tables have it.
package struct DatasetRow: Sendable, Equatable {
    /// The clip's name without its ending: its key in all tables.
    package let stem: String
    /// The ending of the clip's file: ".mp4".
    package let ending: String
    /// The label of the sound; empty without one.
    package let label: String
    /// The category of the label; empty without one.
    package let category: String
    /// Nil where the data set is not divided.
    package let split: DatasetSplit?
    /// The path of the source video.
    package let source: String
    /// The time of the first frame, in seconds from the start of the source.
    package let start: Double
    /// In seconds.
    package let duration: Double
    /// The method that made the masks; nil without masks.
    package let maskMethod: String?
    /// The folder of the data set, as an absolute path, for tables that need one.
    package let folder: String

    package init(
        stem: String,
        ending: String,
        label: String,
        category: String,
        split: DatasetSplit?,
        source: String,
        start: Double,
        duration: Double,
        maskMethod: String?,
        folder: String
    ) {
        self.stem = stem
        self.ending = ending
        self.label = label
        self.category = category
        self.split = split
        self.source = source
        self.start = (start * 1e6).rounded() / 1e6
        self.duration = (duration * 1e6).rounded() / 1e6
        self.maskMethod = maskMethod
        self.folder = folder
    }

    /// The name of the clip's file.
    package var file: String { stem + ending }

    /// Where something of the split is: its path in the split's folder, where there are splits.
    package func inSplit(_ path: String) -> String {
        split.map { "\($0.rawValue)/\(path)" } ?? path
    }

    /// A path in the data set as an absolute one.
    func absolute(_ path: String) -> String { "\(folder)/\(path)" }
}

/// An image that a row of a data set has.
package struct FoundImage: Sendable, Equatable {
    /// Relative to the data set.
    package let path: String
    /// Columns and rows that it has to have.
    package let width, height: Int
}

/// A row that was found in a data set: what its tables and its folders say of a clip.
package struct FoundRow: Sendable, Equatable {
    /// Where it is said: "line 3 of train.tsv", or the name of the file.
    package let place: String
    package let stem: String
    /// The label; nil where the table has no text for it.
    package let label: String?
    /// The clip, relative to the data set.
    package let clip: String
    /// The masks, relative to the data set; nil for none.
    package let masks: String?
    /// Other files that the consumer reads, relative to the data set.
    package let companions: [String]
    /// Images that it reads.
    package let images: [FoundImage]
    /// The split that it is in; nil where the data set is not divided, or does not say it.
    package let split: String?
    /// The source of the clip; nil where the table does not say it.
    package let source: String?
    /// Whether the consumer reads the clip itself: not where it reads frames as images.
    package let isClipRead: Bool
    /// What is wrong with what the table says of the masks, as clauses.
    package let faults: [String]

    package init(
        place: String,
        stem: String,
        label: String?,
        clip: String,
        masks: String? = nil,
        companions: [String] = [],
        images: [FoundImage] = [],
        split: String? = nil,
        source: String? = nil,
        isClipRead: Bool = true,
        faults: [String] = []
    ) {
        self.place = place
        self.stem = stem
        self.label = label
        self.clip = clip
        self.masks = masks
        self.companions = companions
        self.images = images
        self.split = split
        self.source = source
        self.isClipRead = isClipRead
        self.faults = faults
    }
}

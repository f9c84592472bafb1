/// Where the files of a consumer's data set are, and what is in its tables.
///
/// All paths are relative to the data set's folder, with slashes. A layout is a function of rows: it
/// reads no clips and writes no files.
package protocol DatasetLayout: Sendable {
    /// How many clips an archive has at most; nil where the files are no archives.
    var clipsPerShard: Int? { get }

    /// Whether tables have absolute paths: then the data set is of use in its folder only.
    var hasAbsolutePaths: Bool { get }

    /// Where a clip goes.
    func clip(_ row: DatasetRow) -> String

    /// Where the masks of a clip go: a file, or a folder of images.
    func masks(_ row: DatasetRow) -> String

    /// What the consumer's paths make of a clip's name and label.
    ///
    /// - Returns: nothing where they are as they should be.
    func objections(toName name: String, _ label: String) -> [Rejection]

    /// Where the video of the object alone goes, where the profile has one.
    func detail(_ row: DatasetRow) -> String

    /// Where the masks of that video go.
    func maskDetail(_ row: DatasetRow) -> String

    /// Where the frames of a clip go as images: a folder.
    func images(_ row: DatasetRow) -> String

    /// Where the audio of a clip goes.
    func audio(_ row: DatasetRow) -> String

    /// Where the annotations of a split go.
    func annotations(_ split: DatasetSplit) -> String

    /// The text files of one clip.
    func notes(_ row: DatasetRow) -> [DatasetText]

    /// The text files of the data set.
    ///
    /// - Parameter rows: those of all clips, in the order of the tables.
    /// - Returns: the tables.
    func tables(_ rows: [DatasetRow]) -> [DatasetText]

    /// Whether one table has the rows of all splits.
    var hasOneTable: Bool { get }

    /// What the consumer makes of the set as a whole, as sentences.
    func warnings(_ rows: [DatasetRow]) -> [String]

    /// The rows of a data set that is there, as the consumer finds them.
    ///
    /// - Throws: `EightCutError` when a table is missing, or the consumer could not read it.
    func rows(in folder: DatasetFolder) throws -> [FoundRow]
}

extension DatasetLayout {
    package var hasAbsolutePaths: Bool { false }

    package var clipsPerShard: Int? { nil }

    package func masks(_ row: DatasetRow) -> String { row.stem + "_masks" }

    package func objections(toName name: String, _ label: String) -> [Rejection] { [] }

    package func detail(_ row: DatasetRow) -> String { row.stem + "_detail.mp4" }

    package func maskDetail(_ row: DatasetRow) -> String { row.stem + "_mask_detail.mp4" }

    package func images(_ row: DatasetRow) -> String { row.stem }

    package func audio(_ row: DatasetRow) -> String { row.stem + ".wav" }

    package func annotations(_ split: DatasetSplit) -> String { split.rawValue + ".json" }

    package func notes(_ row: DatasetRow) -> [DatasetText] { [] }

    package func tables(_ rows: [DatasetRow]) -> [DatasetText] { [] }

    package var hasOneTable: Bool { false }

    package func warnings(_ rows: [DatasetRow]) -> [String] { [] }
}

/// A text file of a data set.
package struct DatasetText: Sendable, Equatable {
    /// Relative to the data set.
    package let path: String
    package let text: String

    package init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }
}

/// The layout of consumers that clips are cut for, but whose data sets are not written.
struct NoLayout: DatasetLayout {
    func clip(_ row: DatasetRow) -> String { row.file }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] { [] }
}

extension [DatasetRow] {
    /// The rows of every split that has some, in the order of the splits.
    func bySplit(default: DatasetSplit = .train) -> [(split: DatasetSplit, rows: [DatasetRow])] {
        DatasetSplit.allCases.compactMap { split in
            let rows = filter { ($0.split ?? `default`) == split }
            return rows.isEmpty ? nil : (split, rows)
        }
    }
}

import DatasetProfiles
import Files
import SystemPackage
import TestSupport
import Testing

/// Every layout reads what it writes.
@Suite struct LayoutTests {
    private static let labels = ["dog \"barking\", twice", "Straße\u{301}", "a,b;c"]

    /// COCO's table is made of the masks.
    private static let names = DatasetProfile.ofDatasets.filter { $0.masks?.form != .runs }
        .map(\.name)

    @Test(arguments: names)
    func rowsComeBack(name: String) throws {
        let layout = try #require(DatasetProfile.named(name)).layout
        let folder = try TemporaryFolder()
        let rows = Self.labels.enumerated().map { number, label in
            DatasetRow(
                stem: "clip_00\(number + 1)",
                ending: ".mp4",
                label: label,
                category: "",
                split: DatasetSplit.allCases[number],
                source: "/videos/a\tb.mp4",
                start: 1.5,
                duration: 8,
                maskMethod: nil,
                folder: folder.path.string
            )
        }
        let texts = rows.flatMap(layout.notes) + layout.tables(rows)
        for text in texts + rows.map({ DatasetText(layout.clip($0), "video") }) {
            let path = folder.path.pushing(FilePath(text.path))
            try Folder.create(path.removingLastComponent())
            try AtomicFile.write(text.text, to: path)
        }
        let found = try layout.rows(in: DatasetFolder(folder.path))
        #expect(Set(found.map(\.stem)) == Set(rows.map(\.stem)))
        for row in found {
            let number = try #require(rows.firstIndex { $0.stem == row.stem })
            #expect(row.label == Self.labels[number])
            #expect(row.clip == layout.clip(rows[number]))
        }
    }

    @Test func namesThatPandasReadsAsNumbers() {
        #expect(LabelTable.pandas.objection(toAllNames: ["001", "1e5"]) != nil)
        #expect(LabelTable.pandas.objection(to: "NA") != nil)
        #expect(LabelTable.lines.objection(toAllNames: ["001"]) == nil)
        #expect(LabelTable.pandas.objection(to: "dog_001") == nil)
    }
}

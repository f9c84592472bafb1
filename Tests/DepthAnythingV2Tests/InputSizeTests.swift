import DepthAnythingV2
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@Suite struct InputSizeTests {
    private struct Table: Decodable {
        let columns: String
        let cases: [[Int]]
    }

    @Test func sizesAreTheReferences() throws {
        let path = DepthFixtures.folder.appending("input-sizes.json")
        let table = try JSONDecoder().decode(Table.self, from: Data(try MaskSet.bytes(of: path)))
        let columns = table.columns.split(separator: " ").map(String.init)
        #expect(table.cases.count > 200)
        for numbers in table.cases {
            let row = Dictionary(uniqueKeysWithValues: zip(columns, numbers))
            let folder = try ModelFolder()
            try folder.write(
                """
                {"size": {"width": \(row["targetWidth"] ?? 0), "height": \(row["targetHeight"] ?? 0)},
                 "keep_aspect_ratio": \(row["keepsAspectRatio"] == 1),
                 "ensure_multiple_of": \(row["multiple"] ?? 0)}
                """,
                "preprocessor_config.json"
            )
            let processing = try DepthImageProcessing.read(from: folder.path)
            let size = processing.inputSize(width: row["width"] ?? 0, height: row["height"] ?? 0)
            #expect(size.width == row["inputWidth"] && size.height == row["inputHeight"], "\(row)")
        }
    }

    @Test func anotherShorterSideIsAimedAt() throws {
        let processing = try DepthImageProcessing.read(from: DepthFixtures.published("small"))
        #expect(processing.inputSize(width: 1280, height: 720, shorterSide: 252) == (448, 252))
        #expect(processing.inputSize(width: 720, height: 1280, shorterSide: 252) == (252, 448))
        #expect(processing.inputSize(width: 1280, height: 720, shorterSide: 700) == (1246, 700))
    }

    @Test func aVeryLongFrameKeepsAtLeastOneMultiple() throws {
        let processing = try DepthImageProcessing.read(from: DepthFixtures.published("small"))
        #expect(processing.inputSize(width: 10_000, height: 10) == (518, 14))
    }
}

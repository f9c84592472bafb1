import FoundationEssentials
import Imaging
import SystemPackage

/// What the evaluation of the benchmark DAVIS gives for drawn masks: Tests/Fixtures/davis, made by
/// tools/reference/make_davis_fixtures.py.
package struct DavisSequence: Decodable, Sendable {
    /// A frame with the ellipses of its two masks, and its scores.
    package struct Frame: Decodable, Sendable {
        package let truth: [[Int]]
        package let mask: [[Int]]
        package let j: Double
        package let f: Double

        private enum CodingKeys: String, CodingKey {
            case truth, mask
            case j = "J"
            case f = "F"
        }
    }

    /// The figures of a measure.
    package struct Statistics: Decodable, Sendable, Equatable {
        package let mean: Double
        package let recall: Double
        package let decay: Double

        /// Whether all figures agree to 1e-6.
        package func agrees(with other: Statistics) -> Bool {
            [(mean, other.mean), (recall, other.recall), (decay, other.decay)]
                .allSatisfy { abs($0 - $1) < 1e-6 }
        }
    }

    /// The figures of both measures, as `8cut measure --json` prints them.
    package struct Figures: Decodable, Sendable {
        package let j: Statistics
        package let f: Statistics

        private enum CodingKeys: String, CodingKey {
            case j = "J"
            case f = "F"
        }

        /// Reads what the command printed.
        package init(json: String) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        }
    }

    package let width: Int
    package let height: Int
    package let frames: [Frame]
    /// Over all frames.
    package let all: Figures
    /// Without the first and the last frame.
    package let official: Figures

    /// All sequences.
    package static func read() throws -> [DavisSequence] {
        let path = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .pushing("Fixtures/davis/scores.json")
        return try JSONDecoder().decode([Self].self, from: Data(MaskSet.bytes(of: path)))
    }

    /// The union of ellipses, each with its centre and its half axes: 255 inside and 0 outside.
    package func drawn(_ ellipses: [[Int]]) -> GrayImage {
        var image = GrayImage(
            width: width,
            height: height,
            pixels: [UInt8](repeating: 0, count: width * height)
        )
        for ellipse in ellipses {
            let (a, b) = (ellipse[2], ellipse[3])
            for y in 0..<height {
                for x in 0..<width {
                    let (u, v) = ((x - ellipse[0]) * b, (y - ellipse[1]) * a)
                    if u * u + v * v <= a * a * b * b { image.pixels[y * width + x] = 255 }
                }
            }
        }
        return image
    }
}

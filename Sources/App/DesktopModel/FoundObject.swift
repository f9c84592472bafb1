import Diagnostics
import FoundationEssentials

/// The best object of a clip, as `8cut detect --json` prints it.
package struct FoundObject: Sendable, Equatable {
    /// Number of the frame on which it is seen best.
    package let frame: Int
    /// A point deep inside, and a rectangle around it; there is no rectangle without an area.
    package let kinds: [Mark.Kind]
    /// How sure it is that this is the object, 0…1.
    package let score: Double

    private struct Document: Decodable {
        let v: Int
        let candidates: [Candidate]
    }

    private struct Candidate: Decodable {
        let frame: Int
        let point: [Double]
        let box: [Double]
        let score: Double
    }

    /// Reads the document, and keeps its numbers within the clip.
    ///
    /// - Parameters:
    ///   - json: the document.
    ///   - path: of the clip.
    ///   - size: of its frames, in pixels.
    ///   - lastFrame: the number of its last frame.
    /// - Throws: `EightCutError` if it cannot be read, or lists no object.
    package init(
        json: String,
        of path: String,
        size: (width: Int, height: Int),
        lastFrame: Int
    ) throws {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json.utf8)),
            document.v == 1
        else { throw Self.unreadable(path) }
        guard let best = document.candidates.first else {
            throw EightCutError(
                .nothingFound,
                "cannot find an object in",
                on: path,
                because: "nothing moves by itself or stands out"
            )
        }
        guard best.point.count == 2, best.box.count == 4 else { throw Self.unreadable(path) }
        let (right, bottom) = (Double(size.width), Double(size.height))
        let point = Mark(
            id: 0,
            frame: 0,
            kind: .point(x: best.point[0], y: best.point[1], isPositive: true)
        ).moved(by: (0, 0), in: size)
        let across = [best.box[0], best.box[2]].map { Mark.rounded(bounded($0, 0...right)) }
        let down = [best.box[1], best.box[3]].map { Mark.rounded(bounded($0, 0...bottom)) }
        let box: [Mark.Kind] =
            across[1] - across[0] >= 1 && down[1] - down[0] >= 1
            ? [.box(left: across[0], top: down[0], right: across[1], bottom: down[1])] : []
        frame = bounded(best.frame, 0...max(0, lastFrame))
        kinds = [point.kind] + box
        score = bounded(best.score, 0...1)
    }

    private static func unreadable(_ path: String) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot find an object in",
            on: path,
            because: "the answer of 8cut detect cannot be read",
            remedy: "Check that 8cut and 8cut-desktop are of the same version."
        )
    }
}

import Diagnostics
import FoundationEssentials

/// An object of a clip, as `8cut detect --json` prints it.
package struct FoundObject: Sendable, Equatable {
    /// Number of the frame on which it is seen best.
    package let frame: Int
    /// A point deep inside, and a rectangle around it; there is no rectangle without an area.
    package let kinds: [Mark.Kind]
    /// How sure it is that this is the object, 0…1.
    package let score: Double
    /// What the detector was asked for; nil where the object moves or stands out.
    package let query: String?

    private struct Document: Decodable {
        let v: Int
        let candidates: [Candidate]
    }

    private struct Candidate: Decodable {
        let frame: Int
        let point: [Double]
        let box: [Double]
        let score: Double
        let query: String?
    }

    /// Reads the document, and keeps its numbers within the clip.
    ///
    /// - Parameters:
    ///   - json: the document.
    ///   - path: of the clip.
    ///   - size: of its frames, in pixels.
    ///   - lastFrame: the number of its last frame.
    /// - Returns: the objects, best first, no more than there are digits.
    /// - Throws: `EightCutError` if it cannot be read.
    package static func list(
        json: String,
        of path: String,
        size: (width: Int, height: Int),
        lastFrame: Int
    ) throws -> [FoundObject] {
        let document = try? JSONDecoder().decode(Document.self, from: Data(json.utf8))
        guard let document, document.v == 1,
            document.candidates.allSatisfy({ $0.point.count == 2 && $0.box.count == 4 })
        else {
            throw EightCutError(
                .toolFailed,
                "cannot find an object in",
                on: path,
                because: "the answer of 8cut detect cannot be read",
                remedy: "Check that 8cut and 8cut-desktop are of the same version."
            )
        }
        return document.candidates.prefix(ObjectSearch.mostObjects).map { candidate in
            FoundObject(candidate, size, lastFrame: lastFrame)
        }
    }

    private init(
        _ candidate: Candidate,
        _ size: (width: Int, height: Int),
        lastFrame: Int
    ) {
        let (right, bottom) = (Double(size.width), Double(size.height))
        let (x, y) = (candidate.point[0], candidate.point[1])
        let point = Mark(id: 0, frame: 0, kind: .point(x: x, y: y, isPositive: true))
            .moved(by: (0, 0), in: size)
        let corners = candidate.box
        let across = [corners[0], corners[2]].map { Mark.rounded(bounded($0, 0...right)) }
        let down = [corners[1], corners[3]].map { Mark.rounded(bounded($0, 0...bottom)) }
        let box: [Mark.Kind] =
            across[1] - across[0] >= 1 && down[1] - down[0] >= 1
            ? [.box(left: across[0], top: down[0], right: across[1], bottom: down[1])] : []
        frame = bounded(candidate.frame, 0...max(0, lastFrame))
        kinds = [point.kind] + box
        score = bounded(candidate.score, 0...1)
        query = candidate.query.map { displayed($0) }
    }

    /// The score as it is shown.
    package var scoreText: String { "\((score * 100).rounded() / 100)" }
}

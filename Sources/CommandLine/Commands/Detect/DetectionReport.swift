import Detection
import Diagnostics
import Files
import Media
import Saliency

/// An object in the list.
struct ListedObject: Encodable, Sendable {
    let frame: Int
    /// Column and row in pixels.
    let point: [Double]
    /// Left, top, right and bottom in pixels.
    let box: [Double]
    /// 0…1.
    let score: Double
    /// The number of the object; of objects that were looked for by a text only.
    var object: Int?
    /// What the detector was asked for.
    var query: String?
    /// The fit to the query before the sigmoid function.
    var logit: Double?
    /// How much it looks like any thing at all, before the sigmoid function.
    var objectness: Double?

    init(_ candidate: ObjectCandidate) {
        frame = candidate.frame
        point = candidate.point
        box = candidate.box
        score = candidate.score
    }

    init(_ thing: FoundThing) {
        frame = thing.frame
        // The pixel in the middle of the box.
        point = [(thing.box[0] + thing.box[2]) / 2, (thing.box[1] + thing.box[3]) / 2]
            .map { $0.rounded(.down) }
        box = thing.box
        score = thing.score
        object = thing.object
        query = thing.query
        logit = thing.logit
        objectness = thing.objectness
    }
}

/// The list of objects on standard output.
struct DetectionReport {
    private let objects: [WithSound<ListedObject>]
    private let frameRate: Rational?

    init(_ objects: [WithSound<ListedObject>], _ frameRate: Rational?) {
        self.objects = objects
        self.frameRate = frameRate
    }

    /// The lines of a table, or of a JSON document.
    func lines(asJSON: Bool) throws -> [String] {
        asJSON ? try document : table
    }

    /// One JSON document, an object to a line.
    private var document: [String] {
        get throws {
            let lines = try objects.enumerated().map { index, object in
                try JSONText.line(object) + (index + 1 < objects.count ? "," : "")
            }
            return ["{\"v\": 1, \"candidates\": ["] + lines + ["]}"]
        }
    }

    private var table: [String] {
        let isByText = objects.contains { $0.item.query != nil }
        let heading =
            isByText
            ? ["frame", "time", "object", "query", "box", "score"]
            : ["frame", "time", "point", "box", "score"]
        let sound = objects.first?.sound == nil ? [] : SoundFigures.titles
        let rows = objects.map { listed in
            let object = listed.item
            return ["\(object.frame)", time(of: object.frame)]
                + (isByText
                    ? [object.object.map { "\($0)" } ?? "-", visible(object.query ?? "-")]
                    : [text(object.point)])
                + [text(object.box), "\(object.score)"] + (listed.sound?.cells ?? [])
        }
        let lines = TextTable.lines([heading + sound] + rows)
        return lines.split(exactly: "\n").map(String.init)
    }

    private func time(of frame: Int) -> String {
        guard let rate = frameRate?.value, rate > 0 else { return "-" }
        return "\((Double(frame) / rate * 1000).rounded() / 1000)"
    }

    private func text(_ numbers: [Double]) -> String {
        numbers.map { "\(Int($0))" }.joined(separator: ",")
    }
}

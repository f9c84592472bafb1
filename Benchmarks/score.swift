// The program of `Benchmarks/score`: judges the built-in method's masks, true masks, and true masks
// that are damaged, and says how well the scores predict the IoU with the truth. Compiled together
// with the method.
//
//     score FOLDER NAME...    prints Markdown

import Foundation

/// Masks of a sequence, of one kind.
struct Masks: Sendable {
    let kind: String
    let images: [GrayImage]
}

/// What is known of one mask.
struct Row: Sendable {
    let sequence: Int
    let kind: String
    let j: Double
    /// As the program judges it.
    let score: Double
    /// Parts of neither empty nor full masks; nothing is fitted to the others.
    var parts: [QualityPart: Double]
    /// The same for the model of the built-in method's masks.
    let ownParts: [QualityPart: Double]

    /// As if the built-in method had made the mask.
    var own: Row {
        var row = self
        row.parts = ownParts
        return row
    }
}

// MARK: - Masks

extension GrayImage {
    private func drawn(_ isInside: (Int, Int) -> Bool) -> GrayImage {
        var result = self
        for row in 0..<height {
            for column in 0..<width {
                result.pixels[row * width + column] = isInside(column, row) ? 255 : 0
            }
        }
        return result
    }

    private var judged: JudgedMask {
        JudgedMask(width: width, height: height, isInside: pixels.map { $0 > 0 })
    }

    var empty: GrayImage { drawn { _, _ in false } }

    var full: GrayImage { drawn { _, _ in true } }

    var mirrored: GrayImage { drawn { pixels[$1 * width + width - 1 - $0] > 0 } }

    func shifted(_ x: Int, _ y: Int) -> GrayImage {
        drawn { column, row in
            let (from, line) = (column - x, row - y)
            guard (0..<width).contains(from), (0..<height).contains(line) else { return false }
            return pixels[line * width + from] > 0
        }
    }

    func dilated(_ reach: Float) -> GrayImage {
        let distances = judged.distances()
        return drawn { distances[$1 * width + $0] <= reach }
    }

    func eroded(_ reach: Float) -> GrayImage {
        let outside = JudgedMask(width: width, height: height, isInside: pixels.map { $0 == 0 })
        let distances = outside.distances()
        return drawn { distances[$1 * width + $0] > reach }
    }
}

extension Sequence {
    /// Damaged in ways that are known from trackers.
    var damaged: [Masks] {
        let count = truths.count
        func each(_ kind: String, _ change: (Int, GrayImage) -> GrayImage) -> Masks {
            Masks(kind: kind, images: truths.enumerated().map { change($0, $1) })
        }
        let directions = [(1, 0), (0, 1), (-1, 0), (0, -1)]
        let shifts = zip([8, 20, 40, 80], directions).map { length, to in
            each("shifted") { $1.shifted(to.0 * length, to.1 * length / 2) }
        }
        let sizes = [4, 10, 20].flatMap { reach in
            [
                each("eroded") { $1.eroded(Float(reach)) },
                each("dilated") { $1.dilated(Float(reach)) },
            ]
        }
        let lost = (count / 3)..<min(count / 3 + 20, count)
        return shifts + sizes + [
            each("swapped") { $0 < count / 2 ? $1 : $1.mirrored },
            each("swapped") { $0 < count / 3 ? $1 : $1.shifted(shape.width / 3, 0) },
            each("lost") { lost.contains($0) ? $1.empty : $1 },
            each("full") { lost.contains($0) ? $1.full : $1 },
            each("blinking") { $0 % 4 == 3 ? $1.empty : $1 },
            each("blinking") { $0 % 5 == 4 ? $1.mirrored : $1 },
        ]
    }

    /// The masks of the built-in method.
    var builtIn: [GrayImage] {
        let drawing = MaskDrawing(width: shape.width, height: shape.height)
        return zip(maps(.standard), frames).map { drawing.mask(of: $0, over: $1) }
    }

    func judged(
        _ masks: [GrayImage],
        _ model: QualityModel,
        beside others: [GrayImage]? = nil
    ) -> [FrameQuality] {
        var judge = ClipJudge(width: shape.width, height: shape.height, model: model)
        var result: [FrameQuality] = []
        for (index, frame) in frames.enumerated() {
            result += judge.add(frame, mask: masks[index], builtIn: others?[index])
        }
        return result + judge.finish()
    }

    /// Rows of all kinds of masks.
    func rows(_ number: Int) -> [Row] {
        let own = builtIn
        let judgements = judged(own, .builtIn)
        func rows(
            _ kind: String,
            _ masks: [GrayImage],
            _ judgements: [FrameQuality],
            _ own: [FrameQuality]
        ) -> [Row] {
            zip(judgements, own).map { judgement, own in
                Row(
                    sequence: number,
                    kind: kind,
                    j: masks[judgement.frame].iou(truths[judgement.frame]),
                    score: judgement.score,
                    parts: judgement.parts,
                    ownParts: own.parts
                )
            }
        }
        let others = [Masks(kind: "true", images: truths)] + damaged
        return rows("built-in", own, judgements, judgements)
            + others.flatMap {
                let compared = judged($0.images, .compared, beside: own)
                return rows(
                    $0.kind,
                    $0.images,
                    FrameQuality.weighed(compared, by: judgements),
                    judged($0.images, .builtIn)
                )
            }
    }
}

// MARK: - Figures

/// From 1 on; equal values share the mean of their ranks.
func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
        var end = start
        while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
        for place in order[start...end] { result[place] = Double(start + end) / 2 + 1 }
        start = end + 1
    }
    return result
}

/// Spearman's.
func rankCorrelation(_ one: [Double], _ other: [Double]) -> Double {
    let (a, b) = (ranks(one), ranks(other))
    let mean = Double(a.count + 1) / 2
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
        ab += (x - mean) * (y - mean)
        aa += (x - mean) * (x - mean)
        bb += (y - mean) * (y - mean)
    }
    return ab / (aa * bb).squareRoot()
}

/// The area under the ROC curve of a low score as a sign of a J below 0.5.
func area(_ scores: [Double], _ js: [Double]) -> Double {
    let bad = js.map { $0 < 0.5 }
    let places = ranks(scores.map { -$0 })
    let count = bad.count { $0 }
    let sum = zip(places, bad).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    let least = Double(count * (count + 1)) / 2
    return (sum - least) / Double(count * (bad.count - count))
}

// MARK: - Weights

/// Fits a model's weights, none below 0, to rows that are weighed so that each kind of masks of each
/// sequence counts alike, and some kinds more.
func fitted(_ base: QualityModel, to rows: [Row], counting: [String: Double]) -> QualityModel {
    let parts = QualityPart.allCases.filter { part in
        base.terms[part] != nil && rows.contains { $0.parts[part] != nil }
    }
    let usual = parts.map { base.terms[$0]?.usual ?? 0 }
    let live = rows.filter { !$0.parts.isEmpty }
    let inputs = live.map { row in
        zip(parts, usual).map { part, usual in (row.parts[part] ?? usual) - usual }
    }
    var groups: [String: Double] = [:]
    for row in live { groups["\(row.sequence) \(row.kind)", default: 0] += 1 }
    let shares = live.map { row in
        (counting[row.kind] ?? 1) / (groups["\(row.sequence) \(row.kind)"] ?? 1)
    }
    let total = shares.reduce(0, +)
    var values = [Double](repeating: 0, count: parts.count + 1)
    var (first, second) = (values, values)
    // Adam (Kingma and Ba, 2015), projected to positive weights.
    for step in 1...600 {
        var gradient = [0.0] + values.dropFirst().map { 1e-3 * $0 }
        for (place, row) in live.enumerated() {
            var sum = values[0]
            for index in parts.indices { sum += values[index + 1] * inputs[place][index] }
            let score = 1 / (1 + exp(-sum))
            let error = score - row.j
            // Squared error, and a little cross-entropy, which has a slope also far off.
            let slope = (2 * error * score * (1 - score) + 0.1 * error) * shares[place] / total
            gradient[0] += slope
            for index in parts.indices { gradient[index + 1] += slope * inputs[place][index] }
        }
        for index in values.indices {
            first[index] = 0.9 * first[index] + 0.1 * gradient[index]
            second[index] = 0.999 * second[index] + 0.001 * gradient[index] * gradient[index]
            let mean = first[index] / (1 - pow(0.9, Double(step)))
            let deviation = (second[index] / (1 - pow(0.999, Double(step)))).squareRoot()
            values[index] -= 0.05 * mean / (deviation + 1e-9)
            if index > 0 { values[index] = max(values[index], 0) }
        }
    }
    let terms = zip(parts, zip(usual, values.dropFirst())).map { ($0, (usual: $1.0, weight: $1.1)) }
    return QualityModel(values[0], Dictionary(uniqueKeysWithValues: terms))
}

/// The scores of rows by weights that were fitted without their sequence.
func heldOut(_ base: QualityModel, _ rows: [Row], counting: [String: Double]) -> [Double] {
    var scores = rows.map(\.score)
    for sequence in Set(rows.map(\.sequence)).sorted() {
        let model = fitted(base, to: rows.filter { $0.sequence != sequence }, counting: counting)
        for place in rows.indices where rows[place].sequence == sequence {
            if !rows[place].parts.isEmpty { scores[place] = model.score(rows[place].parts, .some) }
        }
    }
    return scores
}

// MARK: - Tables

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count > 1 else { exit(64) }
var rows: [Row] = []
for (number, name) in arguments.dropFirst().enumerated() {
    rows += try Sequence(name, in: arguments[0]).rows(number)
}

func text(_ value: Double) -> String { value.isNaN ? "" : String(format: "%.2f", value) }

let (own, others) = (rows.filter { $0.kind == "built-in" }, rows.filter { $0.kind != "built-in" })
let counting = ["true": 2.0]
// Masks of the built-in method are all alike; what damaged ones look like must be learnt as well.
let ownCounting = ["built-in": 5.0]
let ownFit = Array(
    heldOut(.builtIn, (own + others).map(\.own), counting: ownCounting).prefix(own.count)
)
let otherFit = heldOut(.compared, others, counting: counting)
let aloneFit = heldOut(.alone, others, counting: counting)
let all = own + others

print("| masks | frames | rank correlation | AUC | alone | AUC | as shipped | AUC |")
print("| --- | --- | --- | --- | --- | --- | --- | --- |")
func line(_ title: String, _ places: [Int]) {
    let js = places.map { all[$0].j }
    let columns = [ownFit + otherFit, ownFit + aloneFit, all.map(\.score)].flatMap { scores in
        let chosen = places.map { scores[$0] }
        return [text(rankCorrelation(chosen, js)), text(area(chosen, js))]
    }
    print("| \(title) | \(places.count) | \(columns.joined(separator: " | ")) |")
}
line("built-in", all.indices.filter { all[$0].kind == "built-in" })
for kind in ["shifted", "eroded", "dilated", "swapped", "lost", "full", "blinking"] {
    line(kind, all.indices.filter { all[$0].kind == kind || all[$0].kind == "true" })
}
line("**all together**", Array(all.indices))

print("\n| part alone | built-in | true and damaged |\n| --- | --- | --- |")
for part in QualityPart.allCases {
    let figures = [own, others].map { rows -> String in
        let known = rows.filter { $0.parts[part] != nil }
        guard known.count > 100 else { return "" }
        return text(rankCorrelation(known.compactMap { $0.parts[part] }, known.map(\.j)))
    }
    if figures != ["", ""] { print("| \(part) | \(figures.joined(separator: " | ")) |") }
}

print("\n| weights fitted to all | bias | parts |\n| --- | --- | --- |")
let fits: [(String, QualityModel)] = [
    ("builtIn", fitted(.builtIn, to: rows.map(\.own), counting: ownCounting)),
    ("alone", fitted(.alone, to: others, counting: counting)),
    ("compared", fitted(.compared, to: others, counting: counting)),
]
for (name, model) in fits {
    let parts = QualityPart.allCases.compactMap { part in
        model.terms[part].map { "\(part) \(text($0.weight))" }
    }
    print("| \(name) | \(text(model.bias)) | \(parts.joined(separator: ", ")) |")
}

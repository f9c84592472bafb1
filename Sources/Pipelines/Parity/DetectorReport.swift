import Detection
import Diagnostics
import Glibc
import MaskStore

/// How the native detector compares with the reference implementation.
package struct DetectorReport: EngineReport, Equatable {
    /// Version of this format.
    package private(set) var v = 1
    /// The checkpoint.
    package let model: String
    /// What the native engine computed in.
    package let precision: String
    /// What it ran on.
    package let device: String
    package let limits: Limits
    /// What was looked for.
    package let queries: [String]
    package let frames: [DetectorFrame]
    package let native: EngineTiming
    package let reference: EngineTiming

    /// How far the engines must agree.
    package struct Limits: Sendable, Equatable, Encodable {
        /// Logits of any box may differ by so much; nil when they may differ.
        package let mostLogitError: Double?
        /// Corners of any box may differ by so much, as a part of the frame's longer side; nil when
        /// they may differ.
        package let mostBoxError: Double?
        /// The IoU that the best boxes of each query must have.
        package let leastIoU: Double
        /// Their scores may differ by so much.
        package let mostScoreError: Double

        /// In 32 bits: twenty times what a full-size network of random weights differs by.
        static let float32 = Limits(
            mostLogitError: 1e-4,
            mostBoxError: 2e-5,
            leastIoU: 0.99,
            mostScoreError: 1e-4
        )
        /// In 16 and 8 bits.
        static let others = Limits(
            mostLogitError: nil,
            mostBoxError: nil,
            leastIoU: 0.95,
            mostScoreError: 0.02
        )
    }

    /// Whether the engines agree on every frame.
    package var agrees: Bool {
        !frames.isEmpty && worst(\.logitError) <= limits.mostLogitError ?? .infinity
            && worst(\.boxError) <= limits.mostBoxError ?? .infinity
            && frames.flatMap(\.best).allSatisfy { best in
                best.iou >= limits.leastIoU && best.scoreError <= limits.mostScoreError
            }
    }

    private func worst(_ error: KeyPath<DetectorFrame, Double>) -> Double {
        frames.map { $0[keyPath: error] }.max() ?? 0
    }
}

/// How far the engines agree about one frame.
package struct DetectorFrame: Sendable, Equatable, Encodable {
    /// Number of the frame.
    package let frame: Int
    /// The largest difference of logits and of the objectness, of all boxes.
    package let logitError: Double
    /// The largest difference of corners, of all boxes, as a part of the frame's longer side.
    package let boxError: Double
    /// The best box of each query.
    package let best: [Best]

    /// The best box of one query, of both engines. The native one is that of the same place of the
    /// image where the reference has others about as good.
    package struct Best: Sendable, Equatable, Encodable {
        package let query: String
        package let score: Double
        package let referenceScore: Double
        /// Left, top, right and bottom in pixels.
        package let box: [Double]
        package let referenceBox: [Double]
        package let iou: Double

        var scoreError: Double { abs(score - referenceScore) }
    }

    /// Scores that differ by less are equally good.
    private static let leastMargin: Float = 1e-4

    /// - Parameters:
    ///   - frame: its number.
    ///   - native: all boxes of the native engine, at least one.
    ///   - reference: as many of the reference, in the same order.
    ///   - queries: what the logits are of.
    ///   - side: the longer side of the frame, in pixels.
    init(
        _ frame: Int,
        _ native: [Detection],
        _ reference: [Detection],
        _ queries: [String],
        side: Float
    ) {
        self.frame = frame
        var (logitError, boxError) = (Float(0), Float(0))
        // What is no number must not pass.
        let larger = { (most: Float, one: Float, other: Float) in
            let difference = abs(one - other)
            return difference.isNaN ? .greatestFiniteMagnitude : max(most, difference)
        }
        for (ours, theirs) in zip(native, reference) {
            for (one, other) in zip(ours.logits, theirs.logits) {
                logitError = larger(logitError, one, other)
            }
            logitError = larger(logitError, ours.objectness, theirs.objectness)
            for (one, other) in zip(ours.box.corners, theirs.box.corners) {
                boxError = larger(boxError, one / side, other / side)
            }
        }
        self.logitError = Double(logitError)
        self.boxError = Double(boxError)
        best = queries.indices.map { Self.best(queries[$0], $0, native, reference) }
    }

    private static func best(
        _ name: String,
        _ query: Int,
        _ native: [Detection],
        _ reference: [Detection]
    ) -> Best {
        let score = { (detection: Detection) in 1 / (1 + exp(-detection.logits[query])) }
        let first = { (detections: [Detection]) in
            detections.indices.max { score(detections[$0]) < score(detections[$1]) } ?? 0
        }
        let theirs = first(reference)
        let own = first(native)
        let isAsGood = score(reference[theirs]) - score(reference[own]) < leastMargin
        let ours = isAsGood ? theirs : own
        return Best(
            query: name,
            score: Double(score(native[ours])),
            referenceScore: Double(score(reference[theirs])),
            box: native[ours].box.corners.map { Double($0) },
            referenceBox: reference[theirs].box.corners.map { Double($0) },
            iou: Double(native[ours].box.iou(reference[theirs].box))
        )
    }
}

extension DetectionBox {
    fileprivate var corners: [Float] { [x0, y0, x1, y1] }
}

// MARK: - For people

extension DetectorReport {
    /// The result in one line.
    package var summary: String {
        let errors = [
            ("logit", worst(\.logitError), limits.mostLogitError),
            ("box", worst(\.boxError), limits.mostBoxError),
        ].map { name, error, most in
            "\(name) error \(FigureText.scientific(error)) at most"
                + (most.map { ", \(FigureText.scientific($0)) allowed" } ?? "")
        }
        let least = frames.flatMap(\.best).map(\.iou).min() ?? 0
        let best =
            "IoU of the best boxes \(FigureText.fixed(least, 4)) at least, "
            + "\(limits.leastIoU) demanded"
        return (agrees ? "the engines agree" : "the engines DO NOT agree")
            + " on \(counted(frames.count, "frame")): "
            + (errors + [best]).joined(separator: "; ")
    }

    /// The best boxes of both engines side by side, below titles.
    package var table: [[String]] {
        let titles = ["frame", "query", "score", "reference score", "box", "reference box", "IoU"]
        let rows = frames.flatMap { frame in
            frame.best.map { best in
                [
                    "\(frame.frame)", best.query, FigureText.fixed(best.score, 4),
                    FigureText.fixed(best.referenceScore, 4), Self.text(best.box),
                    Self.text(best.referenceBox), FigureText.fixed(best.iou, 4),
                ]
            }
        }
        return [titles] + rows
    }

    /// What both engines took, as a table.
    package var costs: [String] {
        FigureText.costs(native, reference, first: "first frame")
    }

    private static func text(_ box: [Double]) -> String {
        box.map { FigureText.fixed($0, 1) }.joined(separator: ",")
    }
}

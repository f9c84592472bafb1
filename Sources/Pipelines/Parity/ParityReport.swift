import Diagnostics
import Files
import MaskStore
import SystemPackage

/// How the native engine compares with the reference implementation.
package struct ParityReport: EngineReport, Equatable {
    /// Version of this format.
    package private(set) var v = 2
    /// The checkpoint.
    package let model: String
    /// What the native engine computed in.
    package let precision: String
    /// What it ran on.
    package let device: String
    /// How far they must agree.
    package let limits: Limits
    /// One comparison per frame.
    package let frames: [FrameComparison]
    /// What the native engine took.
    package let native: EngineTiming
    /// What the reference took.
    package let reference: EngineTiming

    /// How far engines must agree.
    package struct Limits: Sendable, Equatable, Codable {
        /// The IoU that the masks of every frame must have.
        package let leastIoU: Double
        /// Depth or logits may differ so much in any frame, as a part of their range; nil when
        /// they may differ.
        package let mostError: Double?
    }

    /// Whether the engines agree in every frame.
    package var agrees: Bool {
        !frames.isEmpty && worstIoU >= limits.leastIoU
            && worstError <= limits.mostError ?? .infinity
    }

    var worstIoU: Double { frames.map(\.leastIoU).min() ?? 0 }
    var worstError: Double { frames.map(\.mostError).max() ?? 0 }
}

extension ParityReport {
    /// What is compared besides masks.
    private var quantity: String { frames.first?.objects == nil ? "depth" : "logit" }

    /// The result in one line.
    package var summary: String {
        let masks =
            "mask IoU \(FigureText.fixed(worstIoU, 4)) at least, \(limits.leastIoU) demanded"
        let error =
            "\(quantity) error \(FigureText.scientific(worstError)) at most"
            + (limits.mostError.map { ", \(FigureText.scientific($0)) allowed" } ?? "")
        return (agrees ? "the engines agree" : "the engines DO NOT agree")
            + " on \(counted(frames.count, "frame")): \(masks); \(error)"
    }

    /// The report as a table for people.
    package var lines: [String] {
        frameLines + FigureText.costs(native, reference, first: "first mask")
    }

    private var frameLines: [String] {
        guard frames.first?.objects != nil else {
            return ["frame  mask IoU  depth error"] + frames.map(line)
        }
        return ["frame  object  mask IoU  logit error  object score"]
            + frames.flatMap { frame in
                (frame.objects ?? []).map { line(frame.frame, $0) }
            }
    }

    private func line(_ frame: FrameComparison) -> String {
        let cells = [
            FigureText.pad("\(frame.frame)", 5),
            FigureText.pad(FigureText.fixed(frame.maskIoU, 4), 10),
            FigureText.pad(FigureText.scientific(frame.depthError ?? 0), 13),
        ]
        return cells.joined()
    }

    private func line(_ frame: Int, _ object: ObjectComparison) -> String {
        let cells = [
            FigureText.pad("\(frame)", 5), FigureText.pad("\(object.object)", 8),
            FigureText.pad(FigureText.fixed(object.maskIoU, 4), 10),
            FigureText.pad(FigureText.scientific(object.logitError), 13),
            FigureText.pad(FigureText.fixed(object.objectScore, 2), 14),
        ]
        let isSame = object.isThere == object.isThereForReference
        return cells.joined() + (isSame ? "" : "  not seen by both")
    }
}

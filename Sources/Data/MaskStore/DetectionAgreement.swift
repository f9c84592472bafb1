import Diagnostics

/// Whether an object's mask is where a detector sees what the text names.
package enum DetectionAgreement {
    /// Below this IoU of the boxes, they are not the same thing.
    static let level = 0.3
    private static let score = "labelIoU"

    /// The score of an object's mask.
    ///
    /// - Parameters:
    ///   - box: of the mask: left, top, width, height; nil where the mask is empty.
    ///   - detections: boxes of what was detected, by their corners: left, top, right, bottom; at
    ///     least one.
    ///   - object: the name of the object's folder.
    /// - Returns: the largest IoU, under the score's name.
    package static func score(
        of box: [Int]?,
        _ detections: [[Double]],
        _ object: String
    ) -> (name: String, value: Double) {
        let own = (box ?? [0, 0, 0, 0]).map(Double.init)
        let corners = [own[0], own[1], own[0] + own[2], own[1] + own[3]]
        let best = detections.map { iou(corners, $0) }.max() ?? 0
        return ("\(object).\(score)", (best * 1000).rounded() / 1000)
    }

    /// Whether scores have an agreement, and one that is too low.
    static func isLow(_ scores: [String: Double]) -> Bool {
        scores.contains { $0.key.hasSuffix(exactly: "." + score) && $0.value < level }
    }

    private static func iou(_ a: [Double], _ b: [Double]) -> Double {
        let area = { (box: [Double]) in max(0, box[2] - box[0]) * max(0, box[3] - box[1]) }
        let common = area([max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])])
        let union = area(a) + area(b) - common
        return union > 0 ? common / union : 0
    }
}

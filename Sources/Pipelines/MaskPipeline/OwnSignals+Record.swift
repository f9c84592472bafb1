import Diagnostics
import MaskQuality

extension OwnSignals {
    /// From the scores of a record, such as `object_1.iou` and `object_1.objectScore`: the means over
    /// the objects.
    package init(_ scores: [String: Double]) {
        func values(_ name: String) -> [Double] {
            scores.filter { $0.key.hasSuffix(exactly: "." + name) }.map(\.value)
        }
        func mean(_ values: [Double]) -> Double? {
            guard !values.isEmpty else { return nil }
            return min(max(values.reduce(0, +) / Double(values.count), 0), 1)
        }
        let visibility = values("objectScore")
        self.init(
            predictedIoU: mean(values("iou")),
            isPresent: visibility.isEmpty ? nil : visibility.contains { $0 > 0 },
            clarity: mean(values("clarity")),
            label: mean(values("labelIoU"))
        )
    }
}

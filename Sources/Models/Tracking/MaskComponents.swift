/// Mends small flaws of masks while they are small themselves: logits, above 0 is object.
///
/// Holes are filled as the official predictor does it on CUDA (facebookresearch/sam2,
/// sam2/utils/misc.py, `fill_holes_in_mask_scores`): pixels count as neighbours in all eight
/// directions, and what was a hole becomes just about object.
package enum MaskComponents {
    /// What becomes of a pixel that changes sides.
    private static let faint: Float = 0.1

    /// Fills holes, then drops specks.
    ///
    /// - Parameters:
    ///   - logits: `width` columns, row by row.
    ///   - width: at least 1.
    ///   - holes: parts of the background of at most so many pixels become object.
    ///   - specks: parts of the object of at most so many pixels become background.
    /// - Returns: the logits; those of other pixels are as they were.
    package static func mended(
        _ logits: [Float],
        width: Int,
        holes: Int,
        specks: Int
    ) -> [Float] {
        var result = logits
        if holes > 0 {
            forEachSmall(in: result, width: width, ofObject: false, most: holes) {
                result[$0] = faint
            }
        }
        if specks > 0 {
            forEachSmall(in: result, width: width, ofObject: true, most: specks) {
                result[$0] = -faint
            }
        }
        return result
    }

    /// Calls `change` for each pixel of each part that is small enough.
    private static func forEachSmall(
        in logits: [Float],
        width: Int,
        ofObject isObject: Bool,
        most: Int,
        _ change: (Int) -> Void
    ) {
        let height = logits.count / width
        var isOpen = logits.map { ($0 > 0) == isObject }
        var part: [Int] = []
        for start in isOpen.indices where isOpen[start] {
            isOpen[start] = false
            part.removeAll(keepingCapacity: true)
            part.append(start)
            var next = 0
            while next < part.count {
                let (y, x) = part[next].quotientAndRemainder(dividingBy: width)
                next += 1
                for row in max(0, y - 1)...min(height - 1, y + 1) {
                    for column in max(0, x - 1)...min(width - 1, x + 1) {
                        let place = row * width + column
                        guard isOpen[place] else { continue }
                        isOpen[place] = false
                        part.append(place)
                    }
                }
            }
            if part.count <= most { part.forEach(change) }
        }
    }
}

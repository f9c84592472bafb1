import DatasetProfiles
import Imaging

/// A mask as run lengths: down the columns, a run of background first, as COCO has it.
struct MaskRuns {
    let runs: RunLengths
    /// Pixels of the object.
    let area: Int
    /// The first column and row of the object, and how many it spans; zeros for no object.
    let box: (x: Int, y: Int, width: Int, height: Int)

    /// - Parameter mask: with values of 128 and more on the object.
    init(_ mask: GrayImage) {
        var counts: [Int] = []
        var (isObject, run, area) = (false, 0, 0)
        var (left, top, right, bottom) = (mask.width, mask.height, -1, -1)
        mask.pixels.withUnsafeBufferPointer { pixels in
            for x in 0..<mask.width {
                for y in 0..<mask.height {
                    if (pixels[y * mask.width + x] >= 128) != isObject {
                        counts.append(run)
                        (isObject, run) = (!isObject, 0)
                    }
                    run += 1
                    guard isObject else { continue }
                    area += 1
                    (left, right) = (min(left, x), max(right, x))
                    (top, bottom) = (min(top, y), max(bottom, y))
                }
            }
        }
        counts.append(run)
        runs = RunLengths(counts)
        self.area = area
        box = area == 0 ? (0, 0, 0, 0) : (left, top, right - left + 1, bottom - top + 1)
    }

}

/// Where one candidate is on the frames of a clip, from the few on which it was seen.
package struct RegionTrack: Sendable {
    private let boxes: [Int: MotionBox]
    private let frames: [Int]
    private let reach: Int

    /// - Parameters:
    ///   - boxes: by frame.
    ///   - reach: it is taken to be there for so many frames before and after a sighting.
    package init(_ boxes: [Int: MotionBox], reach: Int) {
        self.boxes = boxes
        frames = boxes.keys.sorted()
        self.reach = reach
    }

    /// The box on a frame: between two sightings where the object would be at constant speed, and
    /// where it was seen last before the first and after the last one.
    ///
    /// - Parameter frame: its number.
    /// - Returns: nil where it was not seen for too long.
    package func box(on frame: Int) -> MotionBox? {
        if let box = boxes[frame] { return box }
        // The first sighting after the frame.
        var (low, high) = (0, frames.count)
        while low < high {
            let middle = (low + high) / 2
            if frames[middle] < frame { low = middle + 1 } else { high = middle }
        }
        let before = low > 0 ? frames[low - 1] : nil
        let after = low < frames.count ? frames[low] : nil
        if let before, let after, after - before <= 2 * reach,
            let start = boxes[before], let end = boxes[after]
        {
            let part = Double(frame - before) / Double(after - before)
            let between = { (first: Double, last: Double) in first + (last - first) * part }
            return MotionBox(
                left: between(start.left, end.left),
                top: between(start.top, end.top),
                right: between(start.right, end.right),
                bottom: between(start.bottom, end.bottom)
            )
        }
        if let before, frame - before <= reach { return boxes[before] }
        if let after, after - frame <= reach { return boxes[after] }
        return nil
    }
}

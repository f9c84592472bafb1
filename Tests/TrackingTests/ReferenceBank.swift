import Tracking

/// What transformers' `Sam2VideoModel` attends to, written down as it is there: everything is
/// kept, and chosen for every frame anew.
struct ReferenceBank {
    let memories: Int
    let pointers: Int
    /// -1 for all, as in its configuration.
    let conditioningFrames: Int
    let isReversed: Bool
    /// In the order in which they were added.
    var conditioning: [Int] = []
    var others: Set<Int> = []

    /// `_select_closest_cond_frames`.
    private func closest(_ frame: Int) -> (selected: [Int], unselected: [Int]) {
        if conditioningFrames == -1 || conditioning.count <= conditioningFrames {
            return (conditioning, [])
        }
        var selected: [Int] = []
        if let before = conditioning.filter({ $0 < frame }).max() { selected.append(before) }
        if let after = conditioning.filter({ $0 >= frame }).min() { selected.append(after) }
        let remain = conditioning.filter { !selected.contains($0) }.enumerated()
            .sorted { (abs($0.element - frame), $0.offset) < (abs($1.element - frame), $1.offset) }
        selected += remain.prefix(conditioningFrames - selected.count).map(\.element)
        return (selected, conditioning.filter { !selected.contains($0) })
    }

    /// `_gather_memory_frame_outputs` and the index that `_build_memory_attention_inputs` takes
    /// of the temporal encodings, where -1 is the last one.
    func memories(for frame: Int) -> [[Int]] {
        let (selected, unselected) = closest(frame)
        var result = selected.map { [$0, memories - 1] }
        for offset in stride(from: memories - 1, to: 0, by: -1) {
            let previous = isReversed ? frame + offset : frame - offset
            guard others.contains(previous) || unselected.contains(previous) else { continue }
            result.append([previous, offset - 1])
        }
        return result
    }

    /// `_get_object_pointers` while frames are streamed.
    func pointers(for frame: Int) -> [[Int]] {
        let sign = isReversed ? -1 : 1
        var result = conditioning.filter { isReversed ? $0 >= frame : $0 <= frame }
            .map { [$0, (frame - $0) * sign] }
        for offset in 1..<pointers {
            let other = isReversed ? frame + offset : frame - offset
            if other < 0 { break }
            if others.contains(other) { result.append([other, offset]) }
        }
        return result
    }
}

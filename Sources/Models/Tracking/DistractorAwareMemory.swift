/// Which frames of an object are remembered and attended to.
package enum MemoryRules: String, Sendable, Codable, CaseIterable {
    /// As the model was trained: the prompted frames and the latest ones.
    case standard
    /// Distractor-aware memory (Videnovic, Lukezic and Kristan, arXiv 2411.17576 and 2509.13864):
    /// prompted frames and anchors, on which a distractor was told from the object, and every
    /// fifth frame. Frames without the object are not remembered.
    case dam
}

/// The figures of distractor-aware memory, as published with its papers.
private enum DistractorAware {
    /// Prompted frames and anchors that are attended to at a time.
    static let conditioningFrames = 4
    /// Besides the latest frame, every so many are remembered, counted from the start frame.
    static let interval = 5
    /// An anchor is more than so many frames away from the one before.
    static let gap = 5
    /// The predicted IoU of an anchor's mask is above this.
    static let iou: Float = 0.8
    /// An anchor's area as a part of the median.
    static let areaRatio = 0.8...1.2
    /// How many areas the median is of, and of how many frames they are at most. Empty masks do not
    /// count, this frame's does.
    static let areas = (count: 10, frames: 300)
    /// The least box IoU of an anchor is at most this.
    static let boxIoU = 0.7
}

extension MemoryBank {
    /// Takes note of a mask's area.
    mutating func note(_ mask: TrackedMask, frame: Int) {
        guard traits.memoryRules == .dam else { return }
        let area = mask.logits.count { $0 > 0 }
        guard area > 0 else { return }
        areas[frame] = area
        let (count, frames) = DistractorAware.areas
        areas = areas.filter { direction.frames(from: $0.key, to: frame) < frames }
        if areas.count > count, let oldest = nearest(areas.keys, to: frame).last {
            areas[oldest] = nil
        }
    }

    /// What the memory of a tracked frame is, whose area was noted.
    ///
    /// - Parameters:
    ///   - mask: the frame's.
    ///   - alternatives: what the decoder offered besides it.
    ///   - frame: its number.
    /// - Returns: nil when it is not to be remembered.
    func kind(of mask: TrackedMask, _ alternatives: [[Float]], frame: Int) -> Kind? {
        guard traits.memoryRules == .dam else { return .tracked }
        guard let area = areas[frame] else { return nil }
        // What takes the most work comes last.
        return mask.iou > DistractorAware.iou && isUsual(area) && isFarFromAnchors(frame)
            && hasDistractor(mask, alternatives) ? .anchor : .tracked
    }

    private func isUsual(_ area: Int) -> Bool {
        let sorted = areas.values.sorted()
        let median = Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        return DistractorAware.areaRatio.contains(Double(area) / median)
    }

    /// Prompted frames count as anchors: what they show is known.
    private func isFarFromAnchors(_ frame: Int) -> Bool {
        [conditioning, anchors].allSatisfy { entries in
            entries.keys.allSatisfy {
                direction.frames(from: $0, to: frame) > DistractorAware.gap
            }
        }
    }

    private func hasDistractor(_ mask: TrackedMask, _ alternatives: [[Float]]) -> Bool {
        alternatives.contains { alternative in
            let iou = Distractors.boxIoU(of: mask.logits, alternative, width: traits.maskSize)
            return iou.map { $0 <= DistractorAware.boxIoU } ?? false
        }
    }

    /// Removes what will not be attended to any more. Anchors that are not among the nearest become
    /// tracked frames like others.
    mutating func forgetOldDistractorAware(at frame: Int) {
        for old in nearest(anchors.keys, to: frame).dropFirst(
            DistractorAware.conditioningFrames - 1
        ) {
            recent[old] = anchors.removeValue(forKey: old)
        }
        let latest = latest(at: frame)
        let regular = nearest(recent.keys, to: frame).filter(isRegular).prefix(traits.memories)
        let useful = Set(regular)
        for other in recent.keys where other != latest && !useful.contains(other) {
            if direction.frames(from: other, to: frame) >= traits.pointers - 1 {
                recent[other] = nil
            } else {
                recent[other]?.memory = nil
            }
        }
    }

    /// The memories attended to on a frame: all prompted frames and, up to four in all, the nearest
    /// anchors; then the latest frame and regular ones, with temporal encodings by rank.
    func distractorAwareSelection(for frame: Int) -> MemorySelection {
        let prompted = conditioningFrames(for: frame).near
        // One at least of the memories is left for the latest frame.
        let most = min(DistractorAware.conditioningFrames, traits.attendedMemories - 1)
        let near = nearest(anchors.keys, to: frame).prefix(max(0, most - prompted.count))
        let attended = prompted + near.reversed()
        let others = [conditioning, anchors].reduce(recent) { all, entries in
            all.merging(entries) { own, _ in own }
        }.filter { !attended.contains($0.key) }

        var memories = attended.compactMap { other in
            (conditioning[other] ?? anchors[other])?.memory.map {
                MemorySelection.Memory(memory: $0, age: traits.memories - 1)
            }
        }
        let latest = latest(at: frame)
        let count = traits.attendedMemories - min(max(1, most), attended.count)
        let chosen = nearest(others.keys, to: frame).filter { $0 == latest || isRegular($0) }
            .compactMap { others[$0]?.memory }.prefix(count)
        memories += chosen.enumerated().reversed().map { .init(memory: $1, age: $0) }

        let span = Double(traits.pointers - 1)
        var pointers = attended.sorted().compactMap { other -> MemorySelection.Pointer? in
            let age = direction.frames(from: other, to: frame)
            guard age >= 0, let entry = conditioning[other] ?? anchors[other] else { return nil }
            return .init(pointer: entry.pointer, time: Double(age) / span)
        }
        for age in 1..<traits.pointers {
            guard let entry = others[direction.frame(age, before: frame)] else { continue }
            pointers.append(.init(pointer: entry.pointer, time: Double(age) / span))
        }
        return MemorySelection(memories: memories, pointers: pointers)
    }

    /// The latest frame that is remembered, of whatever kind.
    private func latest(at frame: Int) -> Int? {
        [recent, anchors, conditioning].compactMap { nearest($0.keys, to: frame).first }
            .min { direction.frames(from: $0, to: frame) < direction.frames(from: $1, to: frame) }
    }

    private func isRegular(_ frame: Int) -> Bool {
        let start = direction == .forward ? conditioning.keys.min() : conditioning.keys.max()
        let age = direction.frames(from: start ?? 0, to: frame)
        return age.isMultiple(of: DistractorAware.interval)
    }

    /// Frames from the latest to the oldest.
    private func nearest(_ frames: some Sequence<Int>, to frame: Int) -> [Int] {
        frames.sorted {
            direction.frames(from: $0, to: frame) < direction.frames(from: $1, to: frame)
        }
    }
}

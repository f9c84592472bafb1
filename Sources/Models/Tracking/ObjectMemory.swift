/// The memories of one object in one direction: those of prompted frames are kept for the rest of
/// the video, the others for as long as they can be attended to.
///
/// Which memories and pointers are selected follows transformers' `Sam2VideoModel`
/// (`_gather_memory_frame_outputs`, `_get_object_pointers`), with as many pointers as it has when
/// frames are streamed. `MemoryRules.dam` selects otherwise: DistractorAwareMemory.swift.
package struct MemoryBank: Sendable, Equatable {
    /// The memory of one frame.
    package struct Entry: Sendable, Equatable {
        /// Nil when it is too old to be attended to.
        package var memory: SpatialMemory?
        /// The object pointer of the frame, as long as `DecodedMasks.pointers`.
        package let pointer: [Float]

        package init(memory: SpatialMemory?, pointer: [Float]) {
            self.memory = memory
            self.pointer = pointer
        }
    }

    /// What a memory is of.
    enum Kind {
        case prompted
        /// A tracked frame that is attended to as prompted ones are.
        case anchor
        case tracked
    }

    /// Prompted frames.
    package private(set) var conditioning: [Int: Entry]
    /// The latest tracked frames.
    package internal(set) var recent: [Int: Entry]
    /// The latest anchors, which only `MemoryRules.dam` has.
    package internal(set) var anchors: [Int: Entry]
    /// How many pixels the latest masks have that are not empty, by frame; only for
    /// `MemoryRules.dam`.
    package internal(set) var areas: [Int: Int]
    let traits: TrackingTraits
    let direction: Direction

    /// An empty bank, or one with the memories of an earlier run.
    package init(
        _ traits: TrackingTraits,
        _ direction: Direction,
        conditioning: [Int: Entry] = [:],
        recent: [Int: Entry] = [:],
        anchors: [Int: Entry] = [:],
        areas: [Int: Int] = [:]
    ) {
        self.traits = traits
        self.direction = direction
        self.conditioning = conditioning
        self.recent = recent
        self.anchors = anchors
        self.areas = areas
    }

    /// Adds the memory of a frame, and removes those that are too old to be attended to.
    mutating func add(_ entry: Entry, frame: Int, as kind: Kind) {
        switch kind {
        case .prompted: conditioning[frame] = entry
        case .anchor: anchors[frame] = entry
        case .tracked: recent[frame] = entry
        }
        switch traits.memoryRules {
        case .standard: forgetOld(at: frame)
        case .dam: forgetOldDistractorAware(at: frame)
        }
    }

    private mutating func forgetOld(at frame: Int) {
        let longest = max(traits.memories, traits.pointers) - 1
        for (other, entry) in recent {
            let age = direction.frames(from: other, to: frame)
            if age >= longest {
                recent[other] = nil
            } else if age >= traits.memories - 1, entry.memory != nil {
                recent[other]?.memory = nil
            }
        }
    }

    /// The memories attended to on a frame; the nearest one is last.
    func selection(for frame: Int) -> MemorySelection {
        switch traits.memoryRules {
        case .standard: standardSelection(for: frame)
        case .dam: distractorAwareSelection(for: frame)
        }
    }

    private func standardSelection(for frame: Int) -> MemorySelection {
        let (near, far) = conditioningFrames(for: frame)
        var memories = near.compactMap { prompted in
            conditioning[prompted]?.memory.map {
                MemorySelection.Memory(memory: $0, age: traits.memories - 1)
            }
        }
        for age in stride(from: traits.attendedMemories - 1, to: 0, by: -1) {
            let other = direction.frame(age, before: frame)
            let entry = recent[other] ?? (far.contains(other) ? conditioning[other] : nil)
            guard let memory = entry?.memory else { continue }
            memories.append(MemorySelection.Memory(memory: memory, age: age - 1))
        }
        return MemorySelection(memories: memories, pointers: pointers(for: frame))
    }

    private func pointers(for frame: Int) -> [MemorySelection.Pointer] {
        let span = Double(traits.pointers - 1)
        var pointers: [MemorySelection.Pointer] = []
        for (prompted, entry) in conditioning.sorted(by: { $0.key < $1.key }) {
            let age = direction.frames(from: prompted, to: frame)
            guard age >= 0 else { continue }
            pointers.append(.init(pointer: entry.pointer, time: Double(age) / span))
        }
        for age in 1..<traits.pointers {
            guard let entry = recent[direction.frame(age, before: frame)] else { continue }
            pointers.append(.init(pointer: entry.pointer, time: Double(age) / span))
        }
        return pointers
    }

    /// The prompted frames that are attended to, and those that are not because there are too
    /// many: first the nearest on each side, then whichever are nearest.
    func conditioningFrames(for frame: Int) -> (near: [Int], far: Set<Int>) {
        let all = conditioning.keys.sorted()
        guard let most = traits.conditioningFrames, all.count > most else { return (all, []) }
        var near = [all.last { $0 < frame }, all.first { $0 >= frame }].compactMap(\.self)
        let others = all.filter { !near.contains($0) }
            .sorted { (abs($0 - frame), $0) < (abs($1 - frame), $1) }
        near += others.prefix(max(0, most - near.count))
        return (near, Set(all).subtracting(near))
    }
}

/// The direction of propagation.
package enum Direction: String, Sendable, Codable {
    case forward, backward

    /// The frame that was tracked `count` frames earlier.
    func frame(_ count: Int, before frame: Int) -> Int {
        self == .forward ? frame - count : frame + count
    }

    /// The distance of two frames, positive when `later` is tracked after `earlier`.
    func frames(from earlier: Int, to later: Int) -> Int {
        self == .forward ? later - earlier : earlier - later
    }
}

/// The memories and object pointers attended to on one frame.
package struct MemorySelection: Sendable, Equatable {
    /// A memory, and which of the model's temporal encodings it gets: 0 for the frame before, …,
    /// `TrackingTraits.memories - 1` for prompted frames.
    package struct Memory: Sendable, Equatable {
        package let memory: SpatialMemory
        /// Which temporal encoding it gets.
        package let age: Int

        package init(memory: SpatialMemory, age: Int) {
            self.memory = memory
            self.age = age
        }
    }

    /// An object pointer and its age, as a part of the longest that the model knows.
    package struct Pointer: Sendable, Equatable {
        /// As long as `DecodedMasks.pointers`.
        package let pointer: [Float]
        /// Frames since it was made, divided by `TrackingTraits.pointers - 1`.
        package let time: Double

        package init(pointer: [Float], time: Double) {
            self.pointer = pointer
            self.time = time
        }
    }

    /// At least one.
    package var memories: [Memory]
    /// At least one.
    package var pointers: [Pointer]

    package init(memories: [Memory], pointers: [Pointer]) {
        self.memories = memories
        self.pointers = pointers
    }
}

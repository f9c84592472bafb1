import OnnxEngine
import Tracking

extension Sam2Model {
    /// Tokens of a memory.
    private var memoryTokens: Int {
        configuration.memory.perceiver?.tokens
            ?? configuration.featureSize * configuration.featureSize
    }

    /// Whether a memory that was kept in a file has the sizes of this model's.
    package func fits(_ entry: MemoryBank.Entry) -> Bool {
        let count = memoryTokens * configuration.memory.channels
        return entry.pointer.count == configuration.width
            && entry.memory.map { $0.count == count && $0.isExact == isEdgeTAM } ?? true
    }
}

extension Sam2Model: SegmentationModel {
    package func unconditioned(_ features: Features) -> Tensor { features.features }

    package func initial(_ features: Features) -> Tensor { features.initial }

    package func attend(
        _ features: Features,
        to memories: MemorySelection
    ) async throws -> Tensor {
        var whole = memories.memories[...]
        var inputs = [
            "attended": try await attended(features),
            "pointers": try rows(memories.pointers.map(\.pointer)),
        ]
        if configuration.memory.hasPointerTimes {
            inputs["times"] = try rows(
                memories.pointers.map { SinePositions.time($0.time, channels: configuration.width) }
            )
        }
        var session = sessions.memoryAttention
        if let pooledAttention = sessions.pooledAttention, whole.count > 1 {
            session = pooledAttention
            let older = whole.dropLast().map { entry in
                MemorySelection.Memory(
                    memory: entry.memory.pooled(by: pooling, size: configuration.featureSize),
                    age: entry.age
                )
            }
            inputs["pooled"] = try stack(older[...], pooledBy: pooling)
            inputs["pooledAges"] = try ages(older[...])
            whole = whole.suffix(1)
        }
        inputs["memories"] = try stack(whole, pooledBy: 1)
        inputs["ages"] = try ages(whole)
        let outputs = try await session.run(inputs, outputs: ["conditioned": .device])
        guard let conditioned = outputs["conditioned"] else { throw Self.missing("conditioned") }
        return conditioned
    }

    /// What objects on the same frame share of memory attention.
    private func attended(_ features: Features) async throws -> Tensor {
        if let known = features.attended.value { return known }
        let outputs = try await sessions.selfAttention.run(
            ["features": features.features],
            outputs: ["attended": .device]
        )
        guard let attended = outputs["attended"] else { throw Self.missing("attended") }
        features.attended.value = attended
        return attended
    }

    /// Memories one after the other: [memories, tokens, channels].
    private func stack(
        _ entries: ArraySlice<MemorySelection.Memory>,
        pooledBy factor: Int
    ) throws -> Tensor {
        let channels = configuration.memory.channels
        let tokens = memoryTokens / (factor * factor)
        let length = tokens * channels
        return try Tensor(
            .float32,
            [entries.count, tokens, channels],
            library: library
        ) { target in
            let floats = target.assumingMemoryBound(to: Float.self)
            for (index, entry) in entries.enumerated() {
                let part = floats[index * length..<(index + 1) * length]
                entry.memory.copy(to: UnsafeMutableBufferPointer(rebasing: part))
            }
        }
    }

    private func ages(_ entries: ArraySlice<MemorySelection.Memory>) throws -> Tensor {
        try Tensor(.int64, [entries.count], library: library) { target in
            entries.map { Int64($0.age) }.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    package func decode(
        _ conditioned: Tensor,
        of features: Features,
        for prompt: DecoderPrompt
    ) async throws -> DecodedMasks {
        let sparse =
            prompt.points.isEmpty
            ? noPrompt.sparse : try await Self.sparse(prompt.points, sessions.pointEncoder, library)
        let names = ["masks", "ious", "pointers", "objectScore", "noObjectPointer"]
        let outputs = try await sessions.maskDecoder.run(
            [
                "features": conditioned, "fine": features.fine, "middle": features.middle,
                "sparse": sparse, "dense": try await dense(prompt.mask),
            ],
            outputs: Dictionary(uniqueKeysWithValues: names.map { ($0, .host) })
        )
        let values = try names.map { name in
            guard let tensor = outputs[name] else { throw Self.missing(name) }
            return try tensor.withFloats { Array($0) }
        }
        let count = values[1].count
        return DecodedMasks(
            masks: Self.parts(values[0], count),
            ious: values[1],
            pointers: Self.parts(values[2], count),
            objectScore: values[3][0],
            noObjectPointer: values[4]
        )
    }

    package func encodeMemory(
        _ features: Features,
        mask: [Float],
        isAbsent: Bool
    ) async throws -> SpatialMemory {
        let size = configuration.imageSize
        var inputs = ["features": features.features, "mask": try square(mask, size)]
        if configuration.memory.hasOcclusionEmbedding {
            inputs["absence"] = try Tensor(.float32, [1], library: library) {
                $0.storeBytes(of: isAbsent ? 1 : 0, as: Float.self)
            }
        }
        let outputs = try await sessions.memoryEncoder.run(inputs, outputs: ["memory": .host])
        guard let memory = outputs["memory"] else { throw Self.missing("memory") }
        return try memory.withFloats {
            isEdgeTAM ? .exact(Array($0)) : SpatialMemory(rounding: $0)
        }
    }

    private func dense(_ mask: DecoderPrompt.Mask?) async throws -> Tensor {
        let outputs: [String: Tensor]
        switch mask {
        case nil: return noPrompt.dense
        case .logits(let logits):
            let input = try square(logits, configuration.maskSize)
            outputs = try await sessions.logitsEncoder.run(
                ["logits": input],
                outputs: ["dense": .device]
            )
        case .object(let object):
            let input = try square(object, configuration.imageSize)
            outputs = try await sessions.maskEncoder.run(
                ["mask": input],
                outputs: ["dense": .device]
            )
        }
        guard let dense = outputs["dense"] else { throw Self.missing("dense") }
        return dense
    }

    private func square(_ values: [Float], _ size: Int) throws -> Tensor {
        try matrix(values, [size, size])
    }

    private func rows(_ values: [[Float]]) throws -> Tensor {
        try matrix(values.flatMap(\.self), [values.count, values.first?.count ?? 0])
    }

    private func matrix(_ values: [Float], _ shape: [Int]) throws -> Tensor {
        try Tensor(.float32, shape, library: library) { target in
            values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    private static func parts(_ values: [Float], _ count: Int) -> [[Float]] {
        let length = values.count / max(1, count)
        return (0..<count).map { Array(values[$0 * length..<($0 + 1) * length]) }
    }
}

/// The memory encoder's output for a frame and its mask: [tokens, channels], token by token.
package enum SpatialMemory: Sendable, Equatable {
    /// `bfloat16`, the upper halves of 32-bit floats, as the reference implementation keeps SAM 2's
    /// (`Sam2VideoModel._encode_new_memory`): half the memory, and the same masks. In the published
    /// checkpoints 64 · 64 tokens of 64 channels.
    case rounded([UInt16])
    /// As it keeps EdgeTAM's (`EdgeTamVideoModel._encode_new_memory`). In the published checkpoint
    /// 512 tokens of 64 channels.
    case exact([Float])

    /// Rounds to the nearest `bfloat16`, halves to the even one.
    package init(rounding floats: UnsafeBufferPointer<Float>) {
        self = .rounded(
            floats.map { number in
                let bits = number.bitPattern
                // A number that is none must not become infinite.
                guard !number.isNaN else { return UInt16(bits >> 16) | 0x40 }
                return UInt16((UInt64(bits) + 0x7fff + UInt64(bits >> 16 & 1)) >> 16)
            }
        )
    }

    /// How many numbers it has.
    package var count: Int {
        switch self {
        case .rounded(let numbers): numbers.count
        case .exact(let numbers): numbers.count
        }
    }

    /// Whether nothing was rounded.
    package var isExact: Bool {
        if case .exact = self { true } else { false }
    }

    /// The means of squares of neighbouring places, rounded.
    ///
    /// - Parameters:
    ///   - factor: rows and columns of a square.
    ///   - size: rows and columns of the memory, a multiple of `factor`.
    /// - Returns: a memory of fewer places.
    package func pooled(by factor: Int, size: Int) -> SpatialMemory {
        let floats = [Float](unsafeUninitializedCapacity: count) { target, written in
            copy(to: UnsafeMutableBufferPointer(rebasing: target[..<count]))
            written = count
        }
        return SquareMeans.of(floats, size: size, by: factor)
            .withUnsafeBufferPointer { SpatialMemory(rounding: $0) }
    }

    /// Writes the numbers as 32-bit floats.
    ///
    /// - Parameter target: memory for as many floats.
    package func copy(to target: UnsafeMutableBufferPointer<Float>) {
        precondition(target.count == count, "not the memory's size")
        switch self {
        case .rounded(let numbers):
            for index in numbers.indices {
                target[index] = Float(bitPattern: UInt32(numbers[index]) << 16)
            }
        case .exact(let numbers): _ = target.update(fromContentsOf: numbers)
        }
    }
}

/// Average pooling of a square grid.
package enum SquareMeans {
    /// - Parameters:
    ///   - values: [rows · columns, channels], row by row.
    ///   - size: rows and columns, a multiple of `factor`.
    ///   - factor: rows and columns of a square.
    /// - Returns: [rows · columns / factor², channels].
    package static func of(_ values: [Float], size: Int, by factor: Int) -> [Float] {
        if factor == 1 { return values }
        let channels = values.count / (size * size)
        let small = size / factor
        var means = [Float](repeating: 0, count: small * small * channels)
        for place in 0..<size * size {
            let (row, column) = place.quotientAndRemainder(dividingBy: size)
            let target = (row / factor * small + column / factor) * channels
            for channel in 0..<channels {
                means[target + channel] += values[place * channels + channel]
            }
        }
        let share = 1 / Float(factor * factor)
        for index in means.indices { means[index] *= share }
        return means
    }
}

/// What is remembered of a frame and its mask, place by place.
///
/// Numbers are kept as `bfloat16`, as the reference keeps them
/// (`Sam2VideoModel._encode_new_memory`): half the memory, and the same masks as it makes.
public struct SpatialMemory: Sendable, Equatable {
    /// The upper halves of 32-bit floats, rounded.
    public let numbers: [UInt16]

    /// Rounds numbers to the nearest, halves to the even one.
    public init(rounding floats: UnsafeBufferPointer<Float>) {
        numbers = floats.map { number in
            let bits = number.bitPattern
            // A number that is none must not become infinite.
            guard !number.isNaN else { return UInt16(bits >> 16) | 0x40 }
            return UInt16((UInt64(bits) + 0x7fff + UInt64(bits >> 16 & 1)) >> 16)
        }
    }

    /// A memory of numbers that are rounded already.
    public init(numbers: [UInt16]) { self.numbers = numbers }

    /// Writes the numbers as 32-bit floats.
    ///
    /// - Parameter target: memory for as many floats.
    public func copy(to target: UnsafeMutableBufferPointer<Float>) {
        precondition(target.count == numbers.count, "not the memory's size")
        for index in numbers.indices {
            target[index] = Float(bitPattern: UInt32(numbers[index]) << 16)
        }
    }
}

/// What is attended to on one frame.
public struct MemorySelection: Sendable, Equatable {
    /// A memory, and which of the model's temporal encodings it gets: 0 for the frame before, …,
    /// `TrackingTraits.memories - 1` for prompted frames.
    public struct Memory: Sendable, Equatable {
        /// What is remembered.
        public let memory: SpatialMemory
        /// Which temporal encoding it gets.
        public let age: Int
    }

    /// A pointer, and how many frames ago it was made, as a part of what the model knows.
    public struct Pointer: Sendable, Equatable {
        /// What the object looked like, in short.
        public let pointer: [Float]
        /// 0 for this frame, 1 for as long ago as the model knows of.
        public let time: Double
    }

    /// At least one.
    public var memories: [Memory]
    /// At least one.
    public var pointers: [Pointer]
}

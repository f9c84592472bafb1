/// What is remembered of a frame and its mask, place by place.
///
/// Numbers are kept as `bfloat16`, as the reference keeps them
/// (`Sam2VideoModel._encode_new_memory`): half the memory, and the same masks as it makes.
package struct SpatialMemory: Sendable, Equatable {
    /// The upper halves of 32-bit floats, rounded.
    package let numbers: [UInt16]

    /// Rounds numbers to the nearest, halves to the even one.
    package init(rounding floats: UnsafeBufferPointer<Float>) {
        numbers = floats.map { number in
            let bits = number.bitPattern
            // A number that is none must not become infinite.
            guard !number.isNaN else { return UInt16(bits >> 16) | 0x40 }
            return UInt16((UInt64(bits) + 0x7fff + UInt64(bits >> 16 & 1)) >> 16)
        }
    }

    /// A memory of numbers that are rounded already.
    package init(numbers: [UInt16]) { self.numbers = numbers }

    /// The means of squares of neighbouring places.
    ///
    /// - Parameters:
    ///   - factor: rows and columns of a square.
    ///   - size: rows and columns of the memory, a multiple of `factor`.
    /// - Returns: a memory of fewer places.
    package func pooled(by factor: Int, size: Int) -> SpatialMemory {
        let floats = [Float](unsafeUninitializedCapacity: numbers.count) { target, count in
            copy(to: UnsafeMutableBufferPointer(rebasing: target[..<numbers.count]))
            count = numbers.count
        }
        return SquareMeans.of(floats, size: size, by: factor)
            .withUnsafeBufferPointer { SpatialMemory(rounding: $0) }
    }

    /// Writes the numbers as 32-bit floats.
    ///
    /// - Parameter target: memory for as many floats.
    package func copy(to target: UnsafeMutableBufferPointer<Float>) {
        precondition(target.count == numbers.count, "not the memory's size")
        for index in numbers.indices {
            target[index] = Float(bitPattern: UInt32(numbers[index]) << 16)
        }
    }
}

/// What is attended to on one frame.
package struct MemorySelection: Sendable, Equatable {
    /// A memory, and which of the model's temporal encodings it gets: 0 for the frame before, …,
    /// `TrackingTraits.memories - 1` for prompted frames.
    package struct Memory: Sendable, Equatable {
        /// What is remembered.
        package let memory: SpatialMemory
        /// Which temporal encoding it gets.
        package let age: Int

        /// Puts it together.
        package init(memory: SpatialMemory, age: Int) {
            self.memory = memory
            self.age = age
        }
    }

    /// A pointer, and how many frames ago it was made, as a part of what the model knows.
    package struct Pointer: Sendable, Equatable {
        /// What the object looked like, in short.
        package let pointer: [Float]
        /// 0 for this frame, 1 for as long ago as the model knows of.
        package let time: Double

        /// Puts it together.
        package init(pointer: [Float], time: Double) {
            self.pointer = pointer
            self.time = time
        }
    }

    /// At least one.
    package var memories: [Memory]
    /// At least one.
    package var pointers: [Pointer]

    /// Puts it together.
    package init(memories: [Memory], pointers: [Pointer]) {
        self.memories = memories
        self.pointers = pointers
    }
}

/// Order statistics of unsorted numbers.
package enum Quantile {
    /// The middle number, or the mean of the two middle ones; 0 of none.
    package static func median(of values: [Float]) -> Float { value(0.5, of: values) }

    /// The value below which a part of the numbers is, interpolated between neighbours; 0 of none.
    package static func value(_ part: Float, of values: [Float]) -> Float {
        guard !values.isEmpty else { return 0 }
        var numbers = values
        return numbers.withUnsafeMutableBufferPointer { numbers in
            let position = part * Float(numbers.count - 1)
            let rank = min(Int(position), numbers.count - 1)
            let low = select(rank, in: numbers)
            let rest = position - Float(rank)
            guard rest > 0, rank + 1 < numbers.count else { return low }
            // What follows the rank is not smaller; the least of it is the next number.
            var next = numbers[rank + 1]
            for index in rank + 1..<numbers.count { next = min(next, numbers[index]) }
            return low + (next - low) * rest
        }
    }

    /// C. A. R. Hoare, "Algorithm 65: Find", Communications of the ACM 4(7), 1961: the number of a
    /// rank, with smaller ones before it and larger ones behind.
    private static func select(_ rank: Int, in numbers: UnsafeMutableBufferPointer<Float>) -> Float
    {
        var (low, high) = (0, numbers.count - 1)
        while low < high {
            let pivot = numbers[(low + high) / 2]
            var (i, j) = (low, high)
            while i <= j {
                while numbers[i] < pivot { i &+= 1 }
                while numbers[j] > pivot { j &-= 1 }
                if i <= j {
                    numbers.swapAt(i, j)
                    i &+= 1
                    j &-= 1
                }
            }
            if rank <= j {
                high = j
            } else if rank >= i {
                low = i
            } else {
                break
            }
        }
        return numbers[rank]
    }
}

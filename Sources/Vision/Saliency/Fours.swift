/// Loops over four numbers at a time.
enum Fours {
    typealias Four = SIMD4<Float>

    @inline(__always)
    static func forEach(_ count: Int, _ body: (Int) -> Void) {
        var index = 0
        while index < count {
            body(index)
            index &+= 4
        }
    }

    /// Four numbers of an array that has three more than are used.
    @inline(__always)
    static func load(_ values: [Float], _ index: Int) -> Four {
        values.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index &* 4, as: Four.self) }
    }

    /// Four numbers; what is beyond the end is one half.
    @inline(__always)
    static func load(_ values: UnsafePointer<Float>, _ index: Int, _ count: Int) -> Four {
        if index &+ 4 <= count {
            return UnsafeRawPointer(values + index).loadUnaligned(as: Four.self)
        }
        var four = Four(repeating: 0.5)
        for place in index..<count { four[place &- index] = values[place] }
        return four
    }

    @inline(__always)
    static func store(
        _ four: Four,
        _ values: UnsafeMutablePointer<Float>,
        _ index: Int,
        _ count: Int
    ) {
        if index &+ 4 <= count {
            UnsafeMutableRawPointer(values + index).storeBytes(of: four, as: Four.self)
        } else {
            for place in index..<count { values[place] = four[place &- index] }
        }
    }
}

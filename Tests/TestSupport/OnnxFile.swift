/// ONNX models with nothing but weights, byte by byte.
package enum OnnxFile {
    /// A number as a field of a message.
    package static func field(_ number: Int, _ value: Int) -> [UInt8] {
        integer(UInt64(number << 3)) + integer(UInt64(bitPattern: Int64(value)))
    }

    /// Bytes as a field of a message.
    package static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        integer(UInt64(number << 3 | 2)) + integer(UInt64(bytes.count)) + bytes
    }

    /// A tensor of 32-bit floats, whose dimensions are fields of their own.
    package static func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> [UInt8] {
        shape.flatMap { field(1, $0) } + field(2, 1) + field(8, Array(name.utf8))
            + field(9, values.withUnsafeBytes { Array($0) })
    }

    /// A model with these tensors, between fields that are of no interest.
    package static func model(of tensors: [[UInt8]]) -> [UInt8] {
        let node = field(1, field(1, Array("x".utf8)) + field(4, Array("Relu".utf8)))
        let graph = node + field(2, Array("graph".utf8)) + tensors.flatMap { field(5, $0) }
        return field(1, 8) + field(2, Array("pytorch".utf8)) + field(7, graph)
            + field(8, field(2, 15))
    }

    private static func integer(_ value: UInt64) -> [UInt8] {
        var (rest, bytes): (UInt64, [UInt8]) = (value, [])
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

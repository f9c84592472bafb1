import Weights

/// What the elements of a computed initializer may be.
package protocol InitializerElement: BitwiseCopyable, Sendable {
    /// What ONNX calls them.
    static var type: ElementType { get }
}

extension Float: InitializerElement {
    /// `float32`.
    package static var type: ElementType { .float32 }
}

extension Int8: InitializerElement {
    /// `int8`.
    package static var type: ElementType { .int8 }
}

extension UInt8: InitializerElement {
    /// `uint8`.
    package static var type: ElementType { .uint8 }
}

extension Array where Element: InitializerElement {
    /// The elements as bytes; floats become 16-bit ones where that is asked for.
    func bytes(as type: ElementType) -> [UInt8] {
        if type == .float16, let floats = self as? [Float] {
            let halves = floats.map { Float16($0) }
            return halves.withUnsafeBytes { [UInt8]($0) }
        }
        return withUnsafeBytes { [UInt8]($0) }
    }
}

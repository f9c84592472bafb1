/// A model as ONNX sees it: data only, nothing of the library that runs it.
package struct Graph: Sendable {
    package let inputs: [Port]
    package let outputs: [Port]
    package let initializers: [Initializer]
    /// The operators, each after those whose results it takes.
    package let nodes: [Node]

    /// A tensor that goes in or comes out.
    package struct Port: Sendable, Equatable {
        package let name: String
        package let type: ElementType
        package let shape: Shape
    }

    package struct Node: Sendable, Equatable {
        /// The operator, such as "Gemm".
        package let op: String
        /// Whose operator it is: empty for ONNX's own.
        package let domain: String
        /// Unique; begins with the path of the module that it belongs to.
        package let name: String
        /// Names of tensors; the empty one stands for an optional input that is left out.
        package let inputs: [String]
        /// Names of tensors.
        package let outputs: [String]
        /// The attributes by name, in a fixed order.
        package let attributes: [(name: String, value: Attribute)]

        package static func == (left: Node, right: Node) -> Bool {
            left.op == right.op && left.domain == right.domain && left.name == right.name
                && left.inputs == right.inputs && left.outputs == right.outputs
                && left.attributes.elementsEqual(right.attributes) { $0 == $1 }
        }
    }

    package enum Attribute: Sendable, Equatable {
        case int(Int)
        case ints([Int])
        case float(Float)
        case floats([Float])
        case text(String)
    }
}

extension Graph {
    /// Version of ONNX's operators that the graphs are written for.
    package static let opset = 20
    /// The name of the operators that ONNX Runtime adds to ONNX's.
    package static let microsoft = "com.microsoft"
    /// Version of those.
    package static let microsoftOpset = 1
}

/// What the elements of a tensor are; the raw values are ONNX's own (`TensorProto.DataType`).
package enum ElementType: Int32, Sendable {
    /// 32-bit floating point.
    case float32 = 1
    /// 8 bits, unsigned.
    case uint8 = 2
    /// 8 bits, signed.
    case int8 = 3
    /// 32 bits, signed.
    case int32 = 6
    /// 64 bits, signed: what ONNX takes sizes and indices in.
    case int64 = 7
    /// True or false, one byte.
    case bool = 9
    /// 16-bit floating point.
    case float16 = 10

    /// Bytes of one element.
    package var byteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .float16: 2
        case .float32, .int32: 4
        case .int64: 8
        }
    }
}

/// The number format that a model computes in.
package enum Precision: String, Sendable, CaseIterable {
    /// 32-bit floating point throughout, as the reference implementations do.
    case float32 = "fp32"
    /// 16-bit floating point throughout; for GPUs.
    case float16 = "fp16"
    /// Linear layers in 8-bit numbers: weights with one scale for each output, inputs rounded as
    /// they come. Everything else in 32-bit floating point.
    case int8

    /// What values are held in between the operators.
    package var type: ElementType { self == .float16 ? .float16 : .float32 }
}

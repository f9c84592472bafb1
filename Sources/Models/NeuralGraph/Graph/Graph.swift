/// A model as ONNX sees it: data only, nothing of the library that runs it.
package struct Graph: Sendable {
    /// What is given to each run.
    package let inputs: [Port]
    /// What each run gives.
    package let outputs: [Port]
    /// The weights and constants.
    package let initializers: [Initializer]
    /// The operators, each after those whose results it takes.
    package let nodes: [Node]

    /// A tensor that goes in or comes out.
    package struct Port: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// What it holds.
        package let type: ElementType
        /// Its axes.
        package let shape: Shape
    }

    /// One operator.
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

        /// Whether both say the same.
        package static func == (left: Node, right: Node) -> Bool {
            left.op == right.op && left.domain == right.domain && left.name == right.name
                && left.inputs == right.inputs && left.outputs == right.outputs
                && left.attributes.elementsEqual(right.attributes) { $0 == $1 }
        }
    }

    /// The value of an operator's attribute.
    package enum Attribute: Sendable, Equatable {
        /// A whole number.
        case int(Int)
        /// Whole numbers.
        case ints([Int])
        /// A number.
        case float(Float)
        /// Numbers.
        case floats([Float])
        /// A word.
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

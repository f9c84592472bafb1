/// A model as ONNX sees it: data only, nothing of the library that runs it.
public struct Graph: Sendable {
    /// What is given to each run.
    public let inputs: [Port]
    /// What each run gives.
    public let outputs: [Port]
    /// The weights and constants.
    public let initializers: [Initializer]
    /// The operators, each after those whose results it takes.
    public let nodes: [Node]

    /// A tensor that goes in or comes out.
    public struct Port: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// What it holds.
        public let type: ElementType
        /// Its axes.
        public let shape: Shape
    }

    /// One operator.
    public struct Node: Sendable, Equatable {
        /// The operator, such as "Gemm".
        public let op: String
        /// Whose operator it is: empty for ONNX's own.
        public let domain: String
        /// Unique; begins with the path of the module that it belongs to.
        public let name: String
        /// Names of tensors; the empty one stands for an optional input that is left out.
        public let inputs: [String]
        /// Names of tensors.
        public let outputs: [String]
        /// The attributes by name, in a fixed order.
        public let attributes: [(name: String, value: Attribute)]

        /// Whether both say the same.
        public static func == (left: Node, right: Node) -> Bool {
            left.op == right.op && left.domain == right.domain && left.name == right.name
                && left.inputs == right.inputs && left.outputs == right.outputs
                && left.attributes.elementsEqual(right.attributes) { $0 == $1 }
        }
    }

    /// The value of an operator's attribute.
    public enum Attribute: Sendable, Equatable {
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
    public static let opset = 20
    /// The name of the operators that ONNX Runtime adds to ONNX's.
    public static let microsoft = "com.microsoft"
    /// Version of those.
    public static let microsoftOpset = 1
}

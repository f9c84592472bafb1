import Diagnostics
import Weights

/// Records a graph while a model's code runs.
package final class GraphBuilder {
    /// The checkpoint's tensors.
    package let parameters: Parameters
    /// The number format that the model computes in.
    package let precision: Precision
    private var inputs: [Graph.Port] = []
    private var outputs: [Graph.Port] = []
    private var nodes: [Graph.Node] = []
    private var initializers: [Initializer] = []
    private var named: [String: Value] = [:]
    var constants: [Constant: Value] = [:]
    private var copies: [String: Int] = [:]
    private var diagnostics: [String] = []
    private let isProbed: Bool

    /// Starts an empty graph.
    ///
    /// - Parameters:
    ///   - parameters: the checkpoint's tensors.
    ///   - precision: what the model shall compute in.
    ///   - isProbed: whether the values given to `probe` come out of each run.
    package init(_ parameters: Parameters, precision: Precision = .float32, isProbed: Bool = false)
    {
        self.parameters = parameters
        self.precision = precision
        self.isProbed = isProbed
    }

    /// The root of the checkpoint's names.
    package var root: Scope { Scope(builder: self, path: "") }

    /// A tensor that is given to each run.
    package func input(_ name: String, _ type: ElementType, _ shape: Shape) -> Value {
        inputs.append(Graph.Port(name: name, type: type, shape: shape))
        return Value(builder: self, name: name, type: type, shape: shape, origin: name)
    }

    /// A name for what is made of a tensor, another one each time.
    func copyName(of name: String, in scope: Scope) -> String {
        let count = copies[scope.tensorKey(name), default: 0] + 1
        copies[scope.tensorKey(name)] = count
        return count == 1 ? name : "\(name)#\(count)"
    }

    /// Has each run give a value, under this name.
    package func output(_ name: String, _ value: Value) {
        guard !value.isPoisoned else { return }
        nodes.append(
            Graph.Node(
                op: "Identity",
                domain: "",
                name: "output/\(name)",
                inputs: [value.name],
                outputs: [name],
                attributes: []
            )
        )
        outputs.append(Graph.Port(name: name, type: value.type, shape: value.shape))
    }

    /// Makes a value an output of a graph that is probed.
    package func probe(_ name: String, _ value: Value) {
        if isProbed { output(name, value.cast(to: .float32)) }
    }

    /// Ends the graph.
    ///
    /// - Returns: the graph.
    /// - Throws: `EightCutError` of code `inputUnusable` when tensors are missing or shapes do not
    ///   fit; it names the first that went wrong.
    package func finish() throws -> Graph {
        if let first = diagnostics.first {
            let others = diagnostics.count > 1 ? " (and \(diagnostics.count - 1) more)" : ""
            throw EightCutError(
                .inputUnusable,
                "cannot use the model",
                on: parameters.source.name,
                because: first + others,
                remedy: "Are config.json and the weights of the same model?"
            )
        }
        return Graph(inputs: inputs, outputs: outputs, initializers: initializers, nodes: nodes)
    }

    /// Records a diagnostic and returns a poisoned value, on which operators do nothing.
    package func diagnose(_ message: String, origin: String = "") -> Value {
        diagnostics.append(message)
        return Value(builder: self, name: "", type: .float32, shape: [], origin: origin)
    }

    /// Adds an operator.
    ///
    /// - Parameters:
    ///   - op: its name.
    ///   - domain: whose it is.
    ///   - operands: what it takes; nil for an optional one that is left out. The module that the
    ///     first weight among them belongs to counts as the one that the operator belongs to.
    ///   - attributes: its attributes.
    ///   - results: what it gives.
    /// - Returns: a value for each result.
    func add(
        _ op: String,
        domain: String = "",
        _ operands: [Value?],
        _ attributes: [(String, Graph.Attribute)] = [],
        gives results: [(type: ElementType, shape: Shape)]
    ) -> [Value] {
        let present = operands.compactMap(\.self)
        let origin = module(of: present)
        if present.contains(where: \.isPoisoned) {
            return results.map {
                Value(builder: self, name: "", type: $0.type, shape: $0.shape, origin: origin)
            }
        }
        let name = "\(origin)/\(op)_\(nodes.count)"
        let values = results.enumerated().map { index, result in
            Value(
                builder: self,
                name: results.count == 1 ? name : "\(name):\(index)",
                type: result.type,
                shape: result.shape,
                origin: origin
            )
        }
        nodes.append(
            Graph.Node(
                op: op,
                domain: domain,
                name: name,
                inputs: operands.map { $0?.name ?? "" },
                outputs: values.map(\.name),
                attributes: attributes.map { (name: $0.0, value: $0.1) }
            )
        )
        return values
    }

    /// Adds an operator with one result.
    func add(
        _ op: String,
        domain: String = "",
        _ operands: [Value?],
        _ attributes: [(String, Graph.Attribute)] = [],
        type: ElementType? = nil,
        shape: Shape
    ) -> Value {
        let type = type ?? operands.lazy.compactMap(\.self).first?.type ?? .float32
        let results = add(op, domain: domain, operands, attributes, gives: [(type, shape)])
        return results[0]
    }

    /// Adds a weight or constant, once for each name.
    func add(_ initializer: Initializer, origin: String) -> Value {
        if let known = named[initializer.name] { return known }
        initializers.append(initializer)
        let value = Value(
            builder: self,
            name: initializer.name,
            type: initializer.type,
            shape: Shape(initializer.shape),
            origin: origin
        )
        named[initializer.name] = value
        return value
    }

    private func module(of operands: [Value]) -> String {
        let weight = operands.dropFirst().first { named[$0.name] != nil && !$0.origin.isEmpty }
        return weight?.origin ?? operands.first?.origin ?? ""
    }
}

/// The tensors of a checkpoint, with a note of which have been used: several graphs may share one.
package final class Parameters {
    /// The checkpoint, or a list of its tensors.
    package let source: any WeightSource
    private var used: Set<String> = []

    /// The tensors of a checkpoint.
    package init(_ source: any WeightSource) {
        self.source = source
    }

    /// A tensor, which counts as used from now on.
    func take(_ key: String) -> StoredTensor? {
        used.insert(key)
        return source.tensor(key)
    }

    /// Makes sure that no tensor is left over: one that the graphs do not know may mean that the
    /// checkpoint is of another model.
    ///
    /// - Parameter ignoring: keys that are left out on purpose, each with the reason.
    /// - Throws: `EightCutError` of code `inputUnusable` that names the first keys.
    package func checkAllUsed(ignoring: [String: String] = [:]) throws {
        let left = source.keys.filter { !used.contains($0) && ignoring[$0] == nil }
        guard let first = left.first else { return }
        let others = left.count > 1 ? " and \(left.count - 1) more" : ""
        throw EightCutError(
            .inputUnusable,
            "cannot use the model",
            on: source.name,
            because: "it holds a tensor that does not belong to the model: \(first)\(others)",
            remedy: "Is config.json from another model than the weights?"
        )
    }
}

import COnnxRuntime
import Diagnostics
import Glibc
import NeuralGraph

/// Puts a graph together in the library's own form, in memory.
///
/// Weights stay where they are in the mapped checkpoint when their type fits: the library reads
/// them there, so they must outlive the session. `memory` holds what does.
struct ModelAssembly {
    /// The model, to make a session of.
    let model: Handle
    /// Everything that the model's tensors are in.
    let memory: [InitializerMemory]

    /// Initializers of fewer bytes are copied into the model: shape inference reads them, and the
    /// library wants it so.
    private static let smallestExternal = 128

    /// - Parameters:
    ///   - graph: the graph.
    ///   - library: whose form it gets.
    ///   - isAligned: whether weights are copied to where they are aligned, as CUDA needs them.
    /// - Throws: `EightCutError` of code `toolFailed`.
    init(_ graph: Graph, library: RuntimeLibrary, isAligned: Bool) throws {
        let editor = library.editor
        let made = try library.make("a graph", release: { ort_release_graph($0, $1) }) {
            ort_editor_create_graph(editor, $0)
        }
        try Self.setPorts(graph.inputs, of: made, library, "inputs") {
            ort_editor_set_graph_inputs(editor, $0, $1, $2)
        }
        try Self.setPorts(graph.outputs, of: made, library, "outputs") {
            ort_editor_set_graph_outputs(editor, $0, $1, $2)
        }
        memory = try graph.initializers.compactMap {
            try Self.add($0, to: made, library, isAligned: isAligned)
        }
        for node in graph.nodes { try Self.add(node, to: made, library) }
        model = try Self.model(of: made, library)
    }

    /// Wraps a graph, which the model then owns.
    private static func model(of graph: Handle, _ library: RuntimeLibrary) throws -> Handle {
        let model = try withCStrings(["", Graph.microsoft]) { domains in
            try library.make("a model", release: { ort_release_model($0, $1) }) {
                ort_editor_create_model(
                    library.editor,
                    domains,
                    [Int32(Graph.opset), Int32(Graph.microsoftOpset)],
                    2,
                    $0
                )
            }
        }
        try library.check(
            ort_editor_add_graph_to_model(library.editor, model.pointer, graph.pointer),
            "cannot make a model"
        )
        graph.giveAway()
        return model
    }

    /// Adds a weight or constant.
    ///
    /// - Returns: the memory that the graph reads; nil for one that it has copied.
    private static func add(
        _ initializer: Initializer,
        to graph: Handle,
        _ library: RuntimeLibrary,
        isAligned: Bool
    ) throws -> InitializerMemory? {
        let isExternal = initializer.byteCount >= smallestExternal
        let bytes = InitializerMemory(initializer, isAligned: isAligned)
        let value = try isExternal ? bytes.lend(library) : bytes.copy(library)
        try library.check(
            ort_editor_add_initializer_to_graph(
                library.editor,
                graph.pointer,
                initializer.name,
                value.pointer,
                isExternal
            ),
            "cannot add \(initializer.name)"
        )
        value.giveAway()
        return isExternal ? bytes : nil
    }

    private static func setPorts(
        _ ports: [Graph.Port],
        of graph: Handle,
        _ library: RuntimeLibrary,
        _ what: String,
        _ set: (OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>?, Int) -> OpaquePointer?
    ) throws {
        let infos = try ports.map { try info(of: $0, library) }
        var pointers: [OpaquePointer?] = infos.map(\.pointer)
        let status = pointers.withUnsafeMutableBufferPointer {
            set(graph.pointer, $0.baseAddress, $0.count)
        }
        try library.check(status, "cannot set the \(what) of a graph")
        for info in infos { info.giveAway() }
    }

    private static func info(of port: Graph.Port, _ library: RuntimeLibrary) throws -> Handle {
        let api = library.api
        let tensor = try library.make(
            "a tensor's description",
            release: { ort_release_tensor_type_and_shape_info($0, $1) }
        ) { ort_create_tensor_type_and_shape_info(api, $0) }
        let what = "cannot describe the tensor \(port.name)"
        try library.check(
            ort_set_tensor_element_type(api, tensor.pointer, port.type.rawValue),
            what
        )
        let axes = port.shape.dimensions.map { Int64($0.count ?? -1) }
        try library.check(ort_set_dimensions(api, tensor.pointer, axes, axes.count), what)
        let names = port.shape.dimensions.map { $0.count == nil ? $0.description : "" }
        try withCStrings(names) { names in
            let names = UnsafeMutablePointer(mutating: names)
            try library.check(
                ort_set_symbolic_dimensions(api, tensor.pointer, names, axes.count),
                what
            )
        }
        let type = try library.make(
            "a tensor's type",
            release: { ort_release_type_info($0, $1) }
        ) { ort_editor_create_tensor_type_info(library.editor, tensor.pointer, $0) }
        return try library.make(
            "a port",
            release: { ort_release_value_info($0, $1) }
        ) { ort_editor_create_value_info(library.editor, port.name, type.pointer, $0) }
    }

    private static func add(
        _ node: Graph.Node,
        to graph: Handle,
        _ library: RuntimeLibrary
    ) throws {
        let attributes = try node.attributes.map { try attribute($0.name, $0.value, library) }
        var pointers: [OpaquePointer?] = attributes.map(\.pointer)
        let made = try withCStrings(node.inputs) { inputs in
            try withCStrings(node.outputs) { outputs in
                try pointers.withUnsafeMutableBufferPointer { attributes in
                    try library.make(node.name, release: { ort_release_node($0, $1) }) {
                        ort_editor_create_node(
                            library.editor,
                            node.op,
                            node.domain,
                            node.name,
                            inputs,
                            node.inputs.count,
                            outputs,
                            node.outputs.count,
                            attributes.baseAddress,
                            attributes.count,
                            $0
                        )
                    }
                }
            }
        }
        // The node has copies of its attributes, and the library has released these.
        for attribute in attributes { attribute.giveAway() }
        try library.check(
            ort_editor_add_node_to_graph(library.editor, graph.pointer, made.pointer),
            "cannot add \(node.name)"
        )
        made.giveAway()
    }

    private static func attribute(
        _ name: String,
        _ value: Graph.Attribute,
        _ library: RuntimeLibrary
    ) throws -> Handle {
        func make(_ data: UnsafeRawPointer?, _ count: Int, _ kind: Int) throws -> Handle {
            try library.make(
                "the attribute \(name)",
                release: { ort_release_op_attr($0, $1) }
            ) { ort_create_op_attr(library.api, name, data, Int32(count), Int32(kind), $0) }
        }
        switch value {
        case .int(let number):
            return try withUnsafeBytes(of: Int64(number)) {
                try make($0.baseAddress, 1, ORT_ATTRIBUTE_INT)
            }
        case .float(let number):
            return try withUnsafeBytes(of: number) {
                try make($0.baseAddress, 1, ORT_ATTRIBUTE_FLOAT)
            }
        case .ints(let numbers):
            return try numbers.map(Int64.init).withUnsafeBytes {
                try make($0.baseAddress, numbers.count, ORT_ATTRIBUTE_INTS)
            }
        case .floats(let numbers):
            return try numbers.withUnsafeBytes {
                try make($0.baseAddress, numbers.count, ORT_ATTRIBUTE_FLOATS)
            }
        case .text(let text):
            return try Array(text.utf8).withUnsafeBytes {
                try make($0.baseAddress, $0.count, ORT_ATTRIBUTE_STRING)
            }
        }
    }
}

/// The memory that an initializer's elements are in: the mapped checkpoint's, or a copy.
///
/// `@unchecked Sendable` because it is only read once it is made.
final class InitializerMemory: @unchecked Sendable {
    /// What CUDA's libraries ask for, and a cache line of the CPU.
    private static let alignment = 64

    private let initializer: Initializer
    private let start: UnsafeRawPointer?
    private let copy: UnsafeMutableRawPointer?

    /// Finds the elements, or makes them.
    ///
    /// - Parameters:
    ///   - initializer: whose elements.
    ///   - isAligned: whether they must be aligned.
    init(_ initializer: Initializer, isAligned: Bool) {
        self.initializer = initializer
        if let bytes = initializer.bytesInPlace, let start = bytes.baseAddress,
            !isAligned || Int(bitPattern: start) % Self.alignment == 0
        {
            self.start = start
            copy = nil
        } else {
            let bytes = initializer.makeBytes()
            let memory = aligned_alloc(
                Self.alignment,
                max(1, (bytes.count + Self.alignment - 1) / Self.alignment) * Self.alignment
            )
            if let memory {
                UnsafeMutableRawBufferPointer(start: memory, count: bytes.count)
                    .copyBytes(from: bytes)
            }
            start = bytes.count == initializer.byteCount ? UnsafeRawPointer(memory) : nil
            copy = memory
        }
    }

    deinit {
        free(copy)
    }

    /// A tensor that reads this memory.
    func lend(_ library: RuntimeLibrary) throws -> Handle {
        let start = try present()
        let info = try library.make(
            "a memory description",
            release: { ort_release_memory_info($0, $1) }
        ) {
            ort_create_cpu_memory_info(
                library.api,
                Int32(ORT_DEVICE_ALLOCATOR),
                Int32(ORT_MEMORY_DEFAULT),
                $0
            )
        }
        let axes = initializer.shape.map(Int64.init)
        return try library.make(initializer.name, release: { ort_release_value($0, $1) }) {
            ort_create_tensor_with_data_as_ort_value(
                library.api,
                info.pointer,
                UnsafeMutableRawPointer(mutating: start),
                initializer.byteCount,
                axes,
                axes.count,
                initializer.type.rawValue,
                $0
            )
        }
    }

    /// A tensor with memory of its own.
    func copy(_ library: RuntimeLibrary) throws -> Handle {
        let start = try present()
        let tensor = try Tensor(initializer.type, initializer.shape, library: library) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: initializer.byteCount))
        }
        return tensor.value
    }

    private func present() throws -> UnsafeRawPointer {
        if let start { return start }
        throw EightCutError(
            .internalFault,
            "cannot load the model",
            on: initializer.name,
            because: "there are no weights for it"
        )
    }
}

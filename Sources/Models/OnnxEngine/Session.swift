import COnnxRuntime
import Diagnostics
import Dispatch
import NeuralGraph

/// A graph that is ready to run on a device.
///
/// One run at a time: a caller waits for one run's end before it starts the next.
/// `@unchecked Sendable` because the library's sessions may be used from any thread.
package final class Session: @unchecked Sendable {
    /// Where an output is left.
    package enum Placement: Sendable {
        /// In the host's memory, to be read.
        case host
        /// On the session's device, to be given to another run.
        case device
    }

    package let library: RuntimeLibrary
    package let settings: SessionSettings
    private let inputs: [Graph.Port]
    private let outputs: [Graph.Port]
    private let environment: Handle
    private let session: Handle
    private let memory: [InitializerMemory]
    private let queue = DispatchQueue(label: "8cut.inference")

    /// Loads a graph.
    ///
    /// - Parameters:
    ///   - graph: the graph.
    ///   - library: what runs it.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError` of code `toolFailed` when the library refuses the graph or the
    ///   device.
    package init(_ graph: Graph, library: RuntimeLibrary, settings: SessionSettings) throws {
        self.library = library
        self.settings = settings
        inputs = graph.inputs
        outputs = graph.outputs
        environment = try library.sharedEnvironment()
        let assembly = try ModelAssembly(
            graph,
            library: library,
            isAligned: settings.device != .cpu
        )
        memory = assembly.memory
        let isStrict = settings.device != .cpu
        let load = { [environment] isStrict in
            let options = try SessionOptions(
                settings,
                isStrict: isStrict,
                weightBytes: graph.storedBytes,
                library: library
            )
            return try Self.load(assembly, options, environment, library)
        }
        do {
            session = try load(isStrict)
        } catch let error as EightCutError {
            // On a GPU one operator on the CPU would be slow without anybody knowing why.
            guard isStrict, settings.allowsCPUFallback else { throw error }
            session = try load(false)
            settings.warn(
                "parts of the model run on the CPU and not on \(settings.device), "
                    + "which makes it slower: \(error.why)"
            )
        }
    }

    private static func load(
        _ assembly: ModelAssembly,
        _ options: SessionOptions,
        _ environment: Handle,
        _ library: RuntimeLibrary
    ) throws -> Handle {
        try library.make("a session", release: { ort_release_session($0, $1) }) {
            ort_editor_create_session_from_model(
                library.editor,
                environment.pointer,
                assembly.model.pointer,
                options.handle.pointer,
                $0
            )
        }
    }

    /// Runs the graph once.
    ///
    /// - Parameters:
    ///   - given: a tensor for each input, by name.
    ///   - placements: the outputs that are wanted, by name, and where each shall be.
    /// - Returns: a tensor for each output that is wanted.
    /// - Throws: `EightCutError` of code `toolFailed`; `CancellationError` when the task is
    ///   cancelled, which ends the run at its next operator.
    package func run(
        _ given: [String: Tensor],
        outputs placements: [String: Placement]
    ) async throws -> [String: Tensor] {
        try Task.checkCancellation()
        let runOptions = try library.make(
            "run options",
            release: { ort_release_run_options($0, $1) }
        ) { ort_create_run_options(library.api, $0) }
        return try await withTaskCancellationHandler {
            do {
                return try await withCheckedThrowingContinuation { continuation in
                    // The library's run blocks; Swift's own threads must not.
                    queue.async {
                        continuation.resume(
                            with: Result { try self.run(given, placements, runOptions) }
                        )
                    }
                }
            } catch {
                try Task.checkCancellation()
                throw error
            }
        } onCancel: {
            let status = ort_run_options_set_terminate(library.api, runOptions.pointer)
            try? library.check(status, "cannot stop a run")
        }
    }

    private func run(
        _ given: [String: Tensor],
        _ placements: [String: Placement],
        _ runOptions: Handle
    ) throws -> [String: Tensor] {
        let api = library.api
        let what = "cannot run the model"
        let binding = try library.make("a binding", release: { ort_release_io_binding($0, $1) }) {
            ort_create_io_binding(api, session.pointer, $0)
        }
        for input in inputs {
            guard let tensor = given[input.name] else {
                throw Self.fault("the input \(input.name) is missing")
            }
            guard tensor.type == input.type, input.shape.accepts(tensor.shape) else {
                throw Self.fault("\(input.name) is \(tensor.shape) and not \(input.shape)")
            }
            let status = ort_bind_input(api, binding.pointer, input.name, tensor.value.pointer)
            try library.check(status, what)
        }
        let wanted = outputs.filter { placements[$0.name] != nil }
        for output in wanted {
            let isOnHost = placements[output.name] == .host || settings.device == .cpu
            let place = try memoryInfo(isOnHost: isOnHost)
            try library.check(
                ort_bind_output_to_device(api, binding.pointer, output.name, place.pointer),
                what
            )
        }
        try library.check(
            ort_run_with_binding(api, session.pointer, runOptions.pointer, binding.pointer),
            what
        )
        try library.check(ort_synchronize_bound_outputs(api, binding.pointer), what)
        return try takeOutputs(of: binding, wanted, placements)
    }

    private func takeOutputs(
        of binding: Handle,
        _ wanted: [Graph.Port],
        _ placements: [String: Placement]
    ) throws -> [String: Tensor] {
        let api = library.api
        var allocator: OpaquePointer?
        let what = "cannot read what the model gives"
        try library.check(ort_get_allocator_with_default_options(api, &allocator), what)
        var values: UnsafeMutablePointer<OpaquePointer?>?
        var count = 0
        try library.check(
            ort_get_bound_output_values(api, binding.pointer, allocator, &values, &count),
            what
        )
        defer {
            let status = ort_allocator_free(api, allocator, values)
            try? library.check(status, what)
        }
        var results: [String: Tensor] = [:]
        for (index, output) in wanted.enumerated() where index < count {
            guard let pointer = values?[index] else { continue }
            let value = Handle(pointer, library: library, release: { ort_release_value($0, $1) })
            results[output.name] = Tensor(
                value,
                type: output.type,
                shape: try shape(of: value),
                isOnHost: placements[output.name] == .host || settings.device == .cpu,
                library: library
            )
        }
        return results
    }

    private func shape(of value: Handle) throws -> [Int] {
        let what = "cannot read the shape of a tensor"
        let info = try library.make(
            "a shape",
            release: { ort_release_tensor_type_and_shape_info($0, $1) }
        ) { ort_get_tensor_type_and_shape(library.api, value.pointer, $0) }
        var rank = 0
        try library.check(ort_get_dimensions_count(library.api, info.pointer, &rank), what)
        var axes = [Int64](repeating: 0, count: rank)
        try library.check(ort_get_dimensions(library.api, info.pointer, &axes, rank), what)
        return axes.map(Int.init)
    }

    private func memoryInfo(isOnHost: Bool) throws -> Handle {
        try library.make("a memory description", release: { ort_release_memory_info($0, $1) }) {
            guard !isOnHost, case .cuda(let number) = settings.device else {
                return ort_create_cpu_memory_info(
                    library.api,
                    Int32(ORT_DEVICE_ALLOCATOR),
                    Int32(ORT_MEMORY_DEFAULT),
                    $0
                )
            }
            return ort_create_memory_info(
                library.api,
                "Cuda",
                Int32(ORT_DEVICE_ALLOCATOR),
                Int32(number),
                Int32(ORT_MEMORY_DEFAULT),
                $0
            )
        }
    }

    private static func fault(_ why: String) -> EightCutError {
        EightCutError(.internalFault, "cannot run the model", because: why)
    }
}

extension Shape {
    /// Whether a tensor of these axes fits.
    fileprivate func accepts(_ counts: [Int]) -> Bool {
        rank == counts.count
            && zip(dimensions, counts).allSatisfy { $0.count == nil || $0.count == $1 }
    }
}

extension Graph {
    /// How many bytes of weights it reads from a checkpoint.
    fileprivate var storedBytes: Int {
        initializers.filter { $0.bytesInPlace != nil }.map(\.byteCount).reduce(0, +)
    }
}

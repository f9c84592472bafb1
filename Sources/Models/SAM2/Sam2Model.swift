import Diagnostics
import Imaging
import NeuralGraph
import OnnxEngine
import Synchronization
import SystemPackage
import Tracking
import Weights

/// SAM 2 or EdgeTAM, ready for the frames of one video.
package final class Sam2Model: Sendable {
    /// The image encoder's outputs for one frame, on the model's device. `ImageEncoder.build` has
    /// their shapes.
    package struct Features: Sendable {
        let fine: Tensor
        let middle: Tensor
        let features: Tensor
        /// `features` with the "no memory" embedding added.
        let initial: Tensor
        /// `features` after attention to themselves, once an object of the frame has needed them.
        let attended = LaterTensor()
    }

    package let traits: TrackingTraits
    /// Whether this is EdgeTAM.
    package var isEdgeTAM: Bool { configuration.isEdgeTAM }
    let configuration: Sam2Configuration
    let library: RuntimeLibrary
    let sessions: Sam2Sessions
    /// Rows and columns of a memory for which older ones have one token.
    let pooling: Int
    /// The mask decoder's inputs for no mask and no points.
    let noPrompt: (dense: Tensor, sparse: Tensor)
    private let resize: AntialiasedResize

    /// Loads a checkpoint.
    ///
    /// - Parameters:
    ///   - folder: the checkpoint's folder.
    ///   - frame: columns and rows of the frames.
    ///   - precision: the number format to compute in.
    ///   - options: the resolution, and which memories there are and are attended to.
    ///   - library: runs the model.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the checkpoint is not
    ///   what it should be, `usage` when it cannot be used with the options, `toolFailed` when the
    ///   library rejects the graph or the device; `CancellationError`.
    package init(
        checkpoint folder: FilePath,
        frame: (width: Int, height: Int),
        precision: Precision = .float32,
        options: Sam2Options = Sam2Options(),
        library: RuntimeLibrary,
        settings: SessionSettings
    ) async throws {
        var configuration = try Sam2Configuration.read(from: folder)
        let processing = try Self.processing(in: folder, for: configuration)
        if let resolution = options.resolution {
            configuration = try configuration.resized(to: resolution)
        }
        try Self.checkPooling(options.memory, configuration)
        self.configuration = configuration
        let size = configuration.imageSize
        resize = AntialiasedResize(from: frame, to: (size, size), filter: .bilinear)
        traits = TrackingTraits(configuration, options)
        pooling = options.memory.pooling
        self.library = library
        let weights = try CheckpointWeights(folder)
        let graphs = try Sam2Graphs(
            configuration,
            weights: weights,
            processing: processing,
            precision: precision,
            pooling: pooling,
            attention: .fastest(on: settings.device)
        )
        sessions = try Sam2Sessions(graphs, library: library, settings: settings)
        weights.releasePages()
        let noMask = try await Session(graphs.noMask, library: library, settings: settings)
            .run([:], outputs: ["dense": .device])
        let noPoints = try await Self.sparse([], sessions.pointEncoder, library)
        guard let dense = noMask["dense"] else { throw Self.missing("dense") }
        noPrompt = (dense, noPoints)
    }

    /// The same loaded model for frames of another size.
    ///
    /// - Parameters:
    ///   - other: the model.
    ///   - frame: columns and rows of the frames.
    package init(sharing other: Sam2Model, frame: (width: Int, height: Int)) {
        (traits, configuration, library) = (other.traits, other.configuration, other.library)
        (sessions, pooling, noPrompt) = (other.sessions, other.pooling, other.noPrompt)
        let size = configuration.imageSize
        resize = AntialiasedResize(from: frame, to: (size, size), filter: .bilinear)
    }

    private static func processing(
        in folder: FilePath,
        for configuration: Sam2Configuration
    ) throws -> Sam2ImageProcessing {
        let processing = try Sam2ImageProcessing.read(from: folder)
        guard processing.size == configuration.imageSize else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the model",
                on: folder.string,
                because: "'size' in its image processor's settings is not 'image_size' in "
                    + Sam2Configuration.fileName
            )
        }
        return processing
    }

    private static func checkPooling(
        _ memory: Sam2MemoryUse,
        _ configuration: Sam2Configuration
    ) throws {
        if memory.pooling > 1, configuration.isEdgeTAM {
            throw EightCutError(
                .usage,
                "cannot pool memories",
                because: "those of EdgeTAM are short already",
                remedy: "Attend to whole memories."
            )
        }
        guard configuration.featureSize.isMultiple(of: memory.pooling) else {
            throw EightCutError(
                .usage,
                "cannot pool memories",
                because: "their \(configuration.featureSize) rows are no multiple of "
                    + "\(memory.pooling)"
            )
        }
    }

    /// A frame as the model takes it: `imageSize` squared, red, green and blue.
    package struct Input: Sendable {
        let pixels: Tensor
    }

    /// Brings a frame to the model's size.
    ///
    /// - Parameter frame: of format `rgb24`, in the size that the model was loaded for.
    /// - Returns: the frame, in memory of its own.
    /// - Throws: `EightCutError` when there is no memory for it.
    package func input(of frame: VideoFrame) throws -> Input {
        let size = configuration.imageSize
        let pixels = try Tensor(.uint8, [size, size, 3], library: library) { target in
            frame.withPlane(0) { _, samples in
                resize.resize(samples, into: target.assumingMemoryBound(to: UInt8.self))
            }
        }
        return Input(pixels: pixels)
    }

    /// Encodes a frame.
    ///
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    package func features(of input: Input) async throws -> Features {
        let names = ["fine", "middle", "features", "initial"]
        let outputs = try await sessions.imageEncoder.run(
            ["frame": input.pixels],
            outputs: Dictionary(uniqueKeysWithValues: names.map { ($0, .device) })
        )
        let tensors = try names.map { name in
            guard let tensor = outputs[name] else { throw Self.missing(name) }
            return tensor
        }
        return Features(
            fine: tensors[0],
            middle: tensors[1],
            features: tensors[2],
            initial: tensors[3]
        )
    }

    /// Points as the mask decoder takes them. One more fills up, as the reference has it; where
    /// there is none, two do.
    static func sparse(
        _ points: [DecoderPrompt.Point],
        _ encoder: Session,
        _ library: RuntimeLibrary
    ) async throws -> Tensor {
        let padding = points.isEmpty ? 2 : 1
        let places = points.flatMap { [$0.x, $0.y] } + Array(repeating: 0, count: 2 * padding)
        let kinds =
            points.map { Int64($0.kind.rawValue) }
            + Array(repeating: Int64(PromptEncoder.padding), count: padding)
        let count = points.count + padding
        let outputs = try await encoder.run(
            [
                "points": try Tensor(.float32, [count, 2], library: library) { target in
                    places.withUnsafeBytes { target.copyMemory(from: $0) }
                },
                "kinds": try Tensor(.int64, [count], library: library) { target in
                    kinds.withUnsafeBytes { target.copyMemory(from: $0) }
                },
            ],
            outputs: ["sparse": .device]
        )
        guard let sparse = outputs["sparse"] else { throw missing("sparse") }
        return sparse
    }

    static func missing(_ name: String) -> EightCutError {
        EightCutError(.internalFault, "cannot run the model", because: "it gives no \(name)")
    }
}

/// A tensor that is computed when it is needed first.
final class LaterTensor: Sendable {
    private let state = Mutex<Tensor?>(nil)

    /// The tensor; nil as long as nobody has needed it.
    var value: Tensor? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// A session for each of the graphs that run more than once.
struct Sam2Sessions: Sendable {
    let imageEncoder: Session
    let maskDecoder: Session
    let selfAttention: Session
    let memoryAttention: Session
    let pooledAttention: Session?
    let memoryEncoder: Session
    let pointEncoder: Session
    let logitsEncoder: Session
    let maskEncoder: Session

    init(_ graphs: Sam2Graphs, library: RuntimeLibrary, settings: SessionSettings) throws {
        let load = { (graph: Graph) in
            try Session(graph, library: library, settings: settings)
        }
        imageEncoder = try load(graphs.imageEncoder)
        maskDecoder = try load(graphs.maskDecoder)
        selfAttention = try load(graphs.selfAttention)
        memoryAttention = try load(graphs.memoryAttention)
        pooledAttention = try graphs.pooledAttention.map(load)
        memoryEncoder = try load(graphs.memoryEncoder)
        pointEncoder = try load(graphs.pointEncoder)
        logitsEncoder = try load(graphs.logitsEncoder)
        maskEncoder = try load(graphs.maskEncoder)
    }
}

extension TrackingTraits {
    /// Those of a checkpoint.
    init(_ configuration: Sam2Configuration, _ options: Sam2Options) {
        let memory = configuration.memory
        self.init(
            imageSize: configuration.imageSize,
            maskSize: configuration.maskSize,
            memories: memory.memories,
            attendedMemories: options.memory.count,
            pointers: memory.pointers,
            conditioningFrames: memory.conditioningFrames,
            multimaskPoints: memory.multimaskPoints,
            multimaskForTracking: memory.multimaskForTracking,
            stability: configuration.decoder.stability.map {
                (Float($0.delta), Float($0.threshold))
            },
            memoryRules: options.rules
        )
    }
}

extension Sam2Model {
    /// How many bytes `Input.withBytes` lends.
    package var inputLength: Int { configuration.imageSize * configuration.imageSize * 3 }

    /// An input whose bytes were kept.
    ///
    /// - Parameter fill: writes every byte, as `Input.withBytes` has lent them.
    /// - Returns: the input, in memory of its own.
    /// - Throws: `EightCutError` when there is no memory for it; what `fill` throws.
    package func input(filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws
        -> Input
    {
        let size = configuration.imageSize
        return Input(
            pixels: try Tensor(.uint8, [size, size, 3], library: library, filledBy: fill)
        )
    }
}

extension Sam2Model.Input {
    /// Lends the bytes; the pointer must not leave `body`.
    ///
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws
        -> Result
    {
        try pixels.withBytes(body)
    }
}

extension Sam2Model.Features {
    /// Their size in bytes.
    package var byteCount: Int {
        // `attended` counts from the start: it has the size of `features`.
        [fine, middle, features, initial, features].reduce(0) { sum, tensor in
            sum + tensor.shape.reduce(tensor.type.byteCount, *)
        }
    }
}

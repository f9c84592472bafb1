import DepthAnythingV2
import Diagnostics
import Files
import Media
import OWLv2
import OnnxEngine
import Processes
import SAM2
import Synchronization

/// Models that stay loaded for the next video, and what had to be found out to load them.
///
/// Several videos may use a model at the same time: its sessions take one run after the other.
package final class LoadedModels: Sendable {
    /// How many models stay loaded when none of them is in use.
    private static let most = 3

    private let runtimes = Memo<String, Runtime>()
    private let checkpoints = Memo<String, CheckpointModel>()
    private let depth = Memo<String, DepthEstimator>(most: most)
    private let sam = Memo<String, Sam2Model>(most: most)
    private let detectors = Memo<String, Owlv2Detector>(most: 1)
    private let keepsDetectors: Bool
    private let loads = Mutex(0)
    private let found = Mutex((bytes: 0, usesGPU: false))

    /// Threads of a session where the user does not say how many.
    package let threads: Int

    /// The inference library and how sessions are set up with it.
    package struct Runtime: Sendable {
        package let library: RuntimeLibrary
        package let session: SessionSettings

        package init(_ library: RuntimeLibrary, _ session: SessionSettings) {
            self.library = library
            self.session = session
        }
    }

    /// - Parameters:
    ///   - keepsDetectors: whether detectors stay loaded. One run frees its detector before it loads
    ///     what needs more memory; many runs that share it would load it many times.
    ///   - threads: threads of a session where the user does not say how many.
    package init(keepsDetectors: Bool = false, threads: Int = AvailableCores.physicalCount) {
        self.keepsDetectors = keepsDetectors
        self.threads = threads
    }

    /// The size of the largest checkpoint that was looked for, in bytes.
    package var largestCheckpoint: Int { found.withLock { $0.bytes } }

    /// Whether a model runs on a GPU.
    package var usesGPU: Bool { found.withLock { $0.usesGPU } }

    /// How many models have been loaded so far.
    package var loadCount: Int { loads.withLock { $0 } }

    /// The inference library and the device, which are tried out once.
    ///
    /// - Parameters:
    ///   - key: what the user has chosen.
    ///   - find: finds them.
    /// - Returns: both.
    /// - Throws: what `find` throws.
    package func runtime(
        _ key: String,
        _ find: @escaping @Sendable () async throws -> Runtime
    ) async throws -> Runtime {
        try await runtimes.value(key, find)
    }

    /// A checkpoint, which is looked for once.
    ///
    /// - Parameters:
    ///   - key: what the user has chosen.
    ///   - find: finds it.
    /// - Returns: the checkpoint.
    /// - Throws: what `find` throws.
    package func checkpoint(
        _ key: String,
        _ find: @escaping @Sendable () async throws -> CheckpointModel
    ) async throws -> CheckpointModel {
        try await checkpoints.value(key) {
            let model = try await find()
            let names = (try? Folder.names(in: model.folder)) ?? []
            let sizes = names.filter { $0.hasSuffix(exactly: ".safetensors") }.map {
                FileStatus(following: model.folder.appending($0))?.bytes ?? 0
            }
            self.found.withLock {
                $0.bytes = max($0.bytes, sizes.reduce(0, +))
                if model.session.device != .cpu { $0.usesGPU = true }
            }
            return model
        }
    }

    /// Depth Anything V2 for frames of one size.
    ///
    /// - Throws: what `DepthEstimator.init` throws.
    func depth(
        _ model: CheckpointModel,
        frame: (width: Int, height: Int),
        shorterSide: Int?
    ) async throws -> DepthEstimator {
        let size = try DepthEstimator.inputSize(
            of: model.folder,
            frame: frame,
            shorterSide: shorterSide
        )
        let loaded = try await depth.value("\(model.key) \(size.width)x\(size.height)") {
            self.loads.withLock { $0 += 1 }
            return try DepthEstimator(
                checkpoint: model.folder,
                frame: frame,
                shorterSide: shorterSide,
                precision: model.precision,
                library: model.library,
                settings: model.session
            )
        }
        return DepthEstimator(sharing: loaded, frame: frame)
    }

    /// OWLv2.
    ///
    /// - Parameters:
    ///   - model: its checkpoint.
    ///   - skipsPadding: whether patches without anything of the frame are left out.
    /// - Returns: the detector.
    /// - Throws: what `Owlv2Detector.init` throws.
    package func detector(
        _ model: CheckpointModel,
        skipsPadding: Bool = false
    ) async throws -> Owlv2Detector {
        let load = { @Sendable in
            self.loads.withLock { $0 += 1 }
            return try Owlv2Detector(
                checkpoint: model.folder,
                precision: model.precision,
                skipsPadding: skipsPadding,
                library: model.library,
                settings: model.session
            )
        }
        guard keepsDetectors else { return try load() }
        return try await detectors.value("\(model.key) \(skipsPadding)", load)
    }

    /// SAM 2 for the frames of a video.
    ///
    /// - Throws: what `Sam2Model.init` throws.
    func sam(
        _ model: CheckpointModel,
        for stream: VideoStream,
        options: Sam2Options
    ) async throws -> Sam2Model {
        let loaded = try await sam.value("\(model.key) \(options)") {
            self.loads.withLock { $0 += 1 }
            return try await SamMethod.load(model, for: stream, options: options)
        }
        return Sam2Model(sharing: loaded, frame: (stream.width, stream.height))
    }
}

extension CheckpointModel {
    /// The same only for the same weights, computed in the same way.
    fileprivate var key: String {
        "\(identity) \(folder) \(precision) \(session.device) \(session.threads)"
    }
}

/// Values that are made once, by whoever needs them first, and kept for the others.
private actor Memo<Key: Hashable & Sendable, Value: Sendable> {
    private let most: Int
    /// From the one that was used longest ago to the one that was used last.
    private var kept: [(key: Key, task: Task<Value, any Error>)] = []

    /// - Parameter most: how many values are kept; the one that was used longest ago goes first.
    init(most: Int = .max) {
        self.most = most
    }

    /// The value of a key.
    ///
    /// - Throws: what `make` throws; then it is tried again the next time.
    func value(
        _ key: Key,
        _ make: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let place = kept.firstIndex { $0.key == key }
        let task = place.map { kept.remove(at: $0).task } ?? Task { try await make() }
        kept.append((key, task))
        if kept.count > most { kept.removeFirst() }
        do {
            return try await task.value
        } catch {
            kept.removeAll { $0.task == task }
            throw error
        }
    }
}

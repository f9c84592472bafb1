import FoundationEssentials
import MaskPipeline
import MaskStore
import SAM2
import Tracking

/// How far a run has come, and its trackers' memories: enough to resume with the very same masks.
struct SamState: Codable, Sendable {
    /// The direction, and the frame that is next.
    enum Phase: Codable, Sendable, Equatable {
        /// Frames before the prompts, down to 0.
        case reverse(next: Int)
        /// Frames from the prompts on.
        case forward(next: Int)

        private enum CodingKeys: String, CodingKey {
            // The name in files of this form.
            case reverse = "backward"
            case forward
        }
    }

    /// Changes whenever the file's format does.
    static let form = 1

    let form: Int
    /// The run that it belongs to.
    let identity: String
    let phase: Phase
    private let banks: [Bank]

    init(identity: String, phase: Phase, trackers: [ObjectTracker]) {
        form = Self.form
        self.identity = identity
        self.phase = phase
        banks = trackers.map(Bank.init)
    }

    /// The memories of an object's tracker; nil for one that has not begun.
    func bank(of object: Int, _ direction: Direction, _ traits: TrackingTraits) -> MemoryBank? {
        guard let bank = banks.first(where: { $0.object == object }) else { return nil }
        return MemoryBank(
            traits,
            direction,
            conditioning: Self.byFrame(bank.conditioning),
            recent: Self.byFrame(bank.recent),
            anchors: Self.byFrame(bank.anchors ?? []),
            areas: Dictionary((bank.areas ?? []).map { ($0.frame, $0.pixels) }) { _, last in last }
        )
    }

    private static func byFrame(_ entries: [Entry]) -> [Int: MemoryBank.Entry] {
        Dictionary(entries.map { ($0.frame, $0.entry) }) { _, last in last }
    }

    /// Whether it can be one of this program: a digest does not keep others from writing a file.
    func isSound(for model: Sam2Model) -> Bool {
        let frames = 0..<MaskLimits.frames
        let next =
            switch phase {
            case .reverse(let next), .forward(let next): next
            }
        let pixels = 1...model.traits.maskSize * model.traits.maskSize
        return (next == -1 || frames.contains(next))
            && banks.flatMap { $0.conditioning + $0.recent + ($0.anchors ?? []) }
                .allSatisfy { frames.contains($0.frame) && model.fits($0.entry) }
            && banks.flatMap { $0.areas ?? [] }
                .allSatisfy { frames.contains($0.frame) && pixels.contains($0.pixels) }
    }

    private struct Bank: Codable {
        let object: Int
        let conditioning: [Entry]
        let recent: [Entry]
        /// Of `MemoryRules.dam`; otherwise nil, so that files are as they were before there was it.
        let anchors: [Entry]?
        let areas: [Area]?

        init(_ tracker: ObjectTracker) {
            object = tracker.object
            conditioning = tracker.bank.conditioning.map(Entry.init)
            recent = tracker.bank.recent.map(Entry.init)
            let (anchors, areas) = (tracker.bank.anchors, tracker.bank.areas)
            self.anchors = anchors.isEmpty ? nil : anchors.map(Entry.init)
            self.areas = areas.isEmpty ? nil : areas.map { Area(frame: $0, pixels: $1) }
        }
    }

    /// The size of a mask.
    private struct Area: Codable {
        let frame: Int
        let pixels: Int
    }

    private struct Entry: Codable {
        let frame: Int
        /// In 16 bits.
        let memory: Data?
        /// In 32 bits: EdgeTAM's.
        let exactMemory: Data?
        let pointer: Data

        init(frame: Int, entry: MemoryBank.Entry) {
            self.frame = frame
            switch entry.memory {
            case .rounded(let numbers):
                (memory, exactMemory) = (numbers.withUnsafeBytes { Data($0) }, nil)
            case .exact(let numbers):
                (memory, exactMemory) = (nil, numbers.withUnsafeBytes { Data($0) })
            case nil: (memory, exactMemory) = (nil, nil)
            }
            pointer = entry.pointer.withUnsafeBytes { Data($0) }
        }

        var entry: MemoryBank.Entry {
            MemoryBank.Entry(
                memory: memory.map { .rounded($0.elements(of: UInt16.self)) }
                    ?? exactMemory.map { .exact($0.elements(of: Float.self)) },
                pointer: pointer.elements(of: Float.self)
            )
        }
    }
}

extension Data {
    fileprivate func elements<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
        withUnsafeBytes { bytes in
            (0..<bytes.count / MemoryLayout<Element>.stride).map {
                bytes.loadUnaligned(
                    fromByteOffset: $0 * MemoryLayout<Element>.stride,
                    as: Element.self
                )
            }
        }
    }
}

/// The file with a run's state.
struct SamStateFile {
    /// A state is saved so often that no more work than this is lost, with a frame or two.
    static let interval = Duration.seconds(4)

    private let workspace: Workspace
    private let identity: String
    private var last = ContinuousClock.now

    init(_ video: MaskVideo) {
        workspace = video.workspace
        identity = video.identity
    }

    /// Whether it is time to save the state.
    var isDue: Bool { last.duration(to: .now) >= Self.interval }

    /// Replaces the state.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    mutating func write(_ state: SamState) throws {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        let bytes = Array(try encoder.encode(state))
        try workspace.write(bytes, to: .state, isDurable: true)
        last = .now
    }

    /// The state of this run; nil when there is none, when it is damaged, or another run's.
    func read(for model: Sam2Model) -> SamState? {
        guard let bytes = workspace.read(.state, limit: MaskLimits.stateBytes),
            let state = try? PropertyListDecoder().decode(SamState.self, from: Data(bytes)),
            state.form == SamState.form, state.identity == identity, state.isSound(for: model)
        else { return nil }
        return state
    }
}

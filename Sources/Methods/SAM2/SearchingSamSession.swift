import Files
import FoundationEssentials
import Imaging
import MaskPipeline
import MaskStore
import Media
import Prompts
import Saliency

/// SAM 2 on the object that is found by itself: first the search, then the tracking.
struct SearchingSamSession: MaskSession {
    /// Makes the session for prompts; takes what searching a frame takes as a part of what tracking
    /// one does.
    typealias Track = (ResolvedPrompts, Double) throws -> SamSession

    private let video: MaskVideo
    private let share: Double
    private let onFound: SamMethod.FindObserver
    private let track: Track
    private let progress: SamProgress
    private var search: RunningSearch?
    private var tracking: SamSession?
    /// What was found, until it is kept.
    private var unkept: KeptPrompts?
    private(set) var foundPrompts: String?

    init(
        video: MaskVideo,
        share: Double,
        onFound: @escaping SamMethod.FindObserver,
        track: @escaping Track
    ) {
        self.video = video
        self.share = share
        self.onFound = onFound
        self.track = track
        progress = SamProgress(video.stream, [], search: share)
    }

    /// Searches; then does what the tracking does before the first frame.
    mutating func prepare() async throws -> SessionStep? {
        if tracking != nil { return try await tracking?.prepare() }
        if search == nil, let kept = KeptPrompts(of: video) {
            try begin(kept.prompts)
            return SessionStep()
        }
        var running = search ?? RunningSearch(video.path, video.stream)
        // Whatever happens, it must be known to `end`.
        search = running
        defer { search = running }
        switch try await running.next() {
        case .frame(let count):
            return SessionStep(workedCount: progress.workedCount(searched: count))
        case .found(let objects):
            try begin(AutomaticPrompts(objects.bestObject))
            return SessionStep()
        }
    }

    private mutating func begin(_ prompts: AutomaticPrompts) throws {
        try onFound(prompts)
        let found = try prompts.resolve(width: video.stream.width, height: video.stream.height)
        tracking = try track(found, share)
        foundPrompts = found.canonicalJSON
        unkept = KeptPrompts(prompts, of: video)
    }

    mutating func add(_ frame: VideoFrame) async throws -> SessionStep {
        try await tracking?.add(frame) ?? SessionStep()
    }

    mutating func save(recorded: Int, isLast: Bool) throws {
        try tracking?.save(recorded: recorded, isLast: isLast)
        // A run that fails before its first mask leaves nothing.
        guard recorded > 0, let found = unkept else { return }
        try found.write(to: video.workspace)
        unkept = nil
    }

    func end() async { await search?.end() }
}

/// What was found, so that a run that resumes need not search again.
private struct KeptPrompts: Codable {
    private let identity: String
    private let candidates: [ObjectCandidate]
    /// More bytes than three candidates have, with the identity.
    private static let limit = 1 << 20

    var prompts: AutomaticPrompts { AutomaticPrompts(candidates) }

    init(_ prompts: AutomaticPrompts, of video: MaskVideo) {
        identity = video.identity
        candidates = prompts.candidates
    }

    /// Reads what the same run has left; nil where that is nothing, or damaged.
    init?(of video: MaskVideo) {
        guard let bytes = video.workspace.read(.found, limit: Self.limit),
            let kept = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            kept.identity == video.identity,
            kept.candidates.allSatisfy({ $0.point.count == 2 && $0.box.count == 4 }),
            (try? kept.prompts.resolve(width: video.stream.width, height: video.stream.height))
                != nil
        else { return nil }
        self = kept
    }

    func write(to workspace: Workspace) throws {
        try workspace.write(Array(try JSONText.line(self).utf8), to: .found, isDurable: true)
    }
}

import Files
import Imaging
import MaskStore
import Media
import Progress
import SystemPackage

/// A way to make masks: saliency, depth, SAM 2.
package protocol MaskMethod: Sendable {
    /// Its name, as in `8cut masks NAME` and in the manifest.
    var name: String { get }
    /// Everything that decides what its masks look like. Two runs over the same input with the
    /// same settings give the same bytes; resuming relies on that, so a change of the method
    /// itself must change a setting as well ("revision").
    var settings: [String: SettingValue] { get }
    /// Folders inside that of the masks in which it puts one more image for each frame.
    var auxiliary: [AuxiliaryFolder] { get }
    /// The pixel format that its frames are decoded to.
    var pixelFormat: PixelFormat { get }
    /// The part of the work on a frame, 0…1, that the analysis of the clip is, for the time left; 0
    /// for a method that needs none.
    var analysisShare: Double { get }
    /// The name under which the time of its sessions is counted.
    var stage: String { get }
    /// Whether its masks come with what they are judged by; the frames are decoded once more to judge
    /// them otherwise.
    var judgesItself: Bool { get }
    /// Finds out what has to be known before the first file is made, such as which objects there are.
    /// Called once, where not all masks are there already.
    ///
    /// - Parameter preparation: the video, and what an interrupted run has kept.
    /// - Returns: the method that makes the masks; its settings are the same.
    /// - Throws: `EightCutError` when there is nothing to make masks of, or `CancellationError`;
    ///   nothing is written then.
    func prepared(for preparation: MaskPreparation) async throws -> any MaskMethod
    /// Gets ready for one video.
    func makeSession(for video: MaskVideo) async throws -> any MaskSession
}

extension MaskMethod {
    package var auxiliary: [AuxiliaryFolder] { [] }

    package var analysisShare: Double { 0 }

    package var stage: String { name }

    package var judgesItself: Bool { false }

    package func prepared(for preparation: MaskPreparation) -> any MaskMethod { self }
}

/// The video that a method prepares for.
package struct MaskPreparation: Sendable {
    package let path: FilePath
    package let stream: VideoStream
    /// What an interrupted run with the same settings has kept; nil where there is none.
    package let kept: Workspace?
    /// The same only for the same video, method and settings.
    package let identity: String
}

/// The video that a session works on, and how far an interrupted run has come with it.
package struct MaskVideo: Sendable {
    package let path: FilePath
    package let stream: VideoStream
    /// Where the session may keep what it needs to resume.
    package let workspace: Workspace
    /// The same only for the same video, method and settings.
    package let identity: String
    /// How many frames, from the first on, already have their masks.
    package let doneCount: Int
    /// Counts the time of the stages.
    let clock: StageClock
    /// Takes note of how many frames are analysed.
    let note: @Sendable (Int) throws -> Void

    /// Starts to analyse the video, from its start on also where masks are done: a map depends on
    /// the frames around. The progress counts it as `MaskMethod.analysisShare` says.
    ///
    /// - Returns: the analysis, which whoever has started it must end.
    package func startAnalysis() -> ClipAnalysis {
        ClipAnalysis(of: path, stream, from: doneCount, clock: clock, note: note)
    }
}

/// A method at work on one video. It is used by one task at a time.
package protocol MaskSession {
    /// Whether each mask depends on its own frame only. Frames that have their mask from an
    /// interrupted run are then left out.
    var skipsFinishedFrames: Bool { get }

    /// The prompts that the session has found by itself, in pixels, as the text of a prompts file;
    /// nil where it was given them or takes none.
    var foundPrompts: String? { get }

    /// What was detected by texts, as the manifest has it; nil where nothing was looked for.
    var detections: JSONValue? { get }

    /// Does a step of what comes before the first frame. Called until it returns nil.
    ///
    /// - Throws: `EightCutError` when the model fails, or `CancellationError`.
    mutating func prepare() async throws -> SessionStep?

    /// Takes the next frame. Frames come in presentation order, each once.
    ///
    /// - Returns: the masks that are now decided, in order: none, one or several, because a
    ///   method may look ahead. Those of finished frames are not drawn.
    /// - Throws: `EightCutError` when the model fails, or `CancellationError`.
    mutating func add(_ frame: VideoFrame) async throws -> SessionStep

    /// The masks that are left after the last frame, in order.
    ///
    /// - Throws: `EightCutError` when the model fails, or `CancellationError`.
    mutating func finish() async throws -> [PendingMask]

    /// Keeps what the session would need to resume from here in its workspace. Called after every
    /// step, and once more when a run is given up.
    ///
    /// - Parameters:
    ///   - recorded: how many masks, from the first on, are written and will not be asked for
    ///     again.
    ///   - isLast: whether nothing more follows, so that it must be kept now or never.
    /// - Throws: `EightCutError` when it cannot be written.
    mutating func save(recorded: Int, isLast: Bool) throws

    /// Releases what the session holds outside the program. Called once, when all masks are
    /// drawn or the run is given up, and then nothing else is.
    func end() async
}

extension MaskSession {
    package var skipsFinishedFrames: Bool { false }

    package var foundPrompts: String? { nil }

    package var detections: JSONValue? { nil }

    package func prepare() -> SessionStep? { nil }

    package func finish() -> [PendingMask] { [] }

    package func save(recorded: Int, isLast: Bool) {}

    package func end() {}
}

/// What a step of a session has brought.
package struct SessionStep: Sendable {
    /// Masks that are now decided.
    package let masks: [PendingMask]
    /// How many frames have been worked on, where that is more than there are masks.
    package let workedCount: Int?

    package init(_ masks: [PendingMask] = [], workedCount: Int? = nil) {
        self.masks = masks
        self.workedCount = workedCount
    }
}

/// A mask that is decided but not drawn yet. It is drawn at full size beside the work on the next
/// frames.
package struct PendingMask: Sendable {
    /// The frame it belongs to.
    package let frameIndex: Int
    /// The frame's time in seconds.
    package let time: Double?
    /// Draws it: full size, 0 background, 255 object.
    package let draw: @Sendable () throws -> Mask

    package init(index: Int, time: Double?, draw: @escaping @Sendable () throws -> Mask) {
        frameIndex = index
        self.time = time
        self.draw = draw
    }

    package init(frame: VideoFrame, draw: @escaping @Sendable () throws -> Mask) {
        self.init(index: frame.index, time: frame.time, draw: draw)
    }
}

import Imaging
import MaskStore
import Media

/// A way to make masks: saliency, depth, SAM 2.
package protocol MaskMethod: Sendable {
    /// Its name, as in `8cut masks NAME` and in the manifest.
    var name: String { get }
    /// Everything that decides what its masks look like. Two runs over the same input with the
    /// same settings give the same bytes; that is what resuming relies on, so a change of the
    /// method itself must change a setting as well ("revision").
    var settings: [String: SettingValue] { get }
    /// Folders inside that of the masks in which it puts one more picture for each frame.
    var sideFolders: [String] { get }
    /// How it wants the samples of its frames.
    var pixelFormat: PixelFormat { get }
    /// Gets ready for one video.
    func makeSession(for video: MaskVideo) async throws -> any MaskSession
}

extension MaskMethod {
    /// None.
    package var sideFolders: [String] { [] }
}

/// A method at work on one video. It is used by one task at a time.
package protocol MaskSession {
    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - frame: frames come in presentation order, each once.
    ///   - isDone: whether the frame's mask is already there, from a run that was interrupted. A
    ///     method that remembers nothing from frame to frame need not look at it, and answers
    ///     with a mask only for the other frames.
    /// - Returns: the masks that are now decided, in order: none, one or several, because a
    ///   method may look ahead.
    /// - Throws: `EightCutError` when the model fails, or `CancellationError`.
    mutating func add(_ frame: VideoFrame, isDone: Bool) async throws -> [PendingMask]

    /// The masks that are left after the last frame, in order.
    mutating func finish() async throws -> [PendingMask]

    /// Keeps what the session would need to go on from here in its workspace. Called after every
    /// frame, and once more when a run is given up.
    ///
    /// - Parameters:
    ///   - recorded: how many masks, from the first on, are written and will not be asked for
    ///     again.
    ///   - isLast: whether nothing more follows, so that it must be kept now or never.
    /// - Throws: `EightCutError` when it cannot be written.
    mutating func save(recorded: Int, isLast: Bool) throws

    /// Lets go of what the session holds outside the program. Called once, when all masks are
    /// drawn or the run is given up, and then nothing else is.
    func end() async
}

extension MaskSession {
    /// Most sessions can look at all frames again.
    package func save(recorded: Int, isLast: Bool) {}

    /// Most sessions hold nothing outside the program.
    package func end() {}
}

/// A mask that is decided but not drawn yet. Drawing it at full size may go on beside the work
/// on the next frames.
package struct PendingMask: Sendable {
    /// The frame it belongs to.
    package let frameIndex: Int
    /// The frame's time in seconds.
    package let time: Double?
    /// Draws it: full size, 0 background, 255 object.
    package let draw: @Sendable () throws -> Mask

    /// Puts it together.
    ///
    /// - Parameters:
    ///   - index: number of the frame.
    ///   - time: its time in seconds.
    ///   - draw: draws the mask.
    package init(index: Int, time: Double?, draw: @escaping @Sendable () throws -> Mask) {
        frameIndex = index
        self.time = time
        self.draw = draw
    }

    /// Puts it together.
    package init(frame: VideoFrame, draw: @escaping @Sendable () throws -> Mask) {
        frameIndex = frame.index
        time = frame.time
        self.draw = draw
    }
}

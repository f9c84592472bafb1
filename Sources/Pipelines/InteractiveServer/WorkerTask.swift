import Methods
import Prompts
import SystemPackage

/// What a request asks for, in order and complete.
enum WorkerTask: Sendable {
    case mask(MaskTask)
    case encode(frame: Int)
    case run(RunTask)
    case cancel(WorkerID?)
}

/// A mask of one frame.
struct MaskTask: Sendable {
    let frame: Int
    let prompts: PromptList
    let output: FilePath
    let drawing: DrawingOptions
}

/// A run over the whole video.
struct RunTask: Sendable {
    let prompts: PromptList
    /// Nil for the place next to the video.
    let output: FilePath?
    let drawing: DrawingOptions
    let inverts: Bool
    let replaces: Bool
}

/// How masks are drawn.
struct DrawingOptions: Sendable {
    let objects: SamSettings.Objects
    let fillHoles: Int
    let dropSpecks: Int

    func settings(_ prompts: ResolvedPrompts) -> SamSettings {
        SamSettings(
            prompts: prompts,
            objects: objects,
            fillHoles: fillHoles,
            dropSpecks: dropSpecks
        )
    }
}

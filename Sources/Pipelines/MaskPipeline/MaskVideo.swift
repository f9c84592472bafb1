import Media
import SystemPackage

/// What a method is told of the video that it shall work on.
public struct MaskVideo: Sendable {
    /// The file.
    public let path: FilePath
    /// What is known about its pictures.
    public let stream: VideoStream
    /// Where the method may keep what it needs to go on.
    public let workspace: Workspace
    /// Tells one run from another: the same for the same video, method and settings only.
    public let identity: String
    /// How many frames, from the first on, have their masks from a run that was interrupted.
    public let doneCount: Int
    /// Is told how many frames have been worked on, where that is more than there are masks.
    public let note: @Sendable (_ done: Int) throws -> Void

    /// Puts it together.
    public init(
        path: FilePath,
        stream: VideoStream,
        workspace: Workspace,
        identity: String,
        doneCount: Int = 0,
        note: @escaping @Sendable (_ done: Int) throws -> Void = { _ in }
    ) {
        self.path = path
        self.stream = stream
        self.workspace = workspace
        self.identity = identity
        self.doneCount = doneCount
        self.note = note
    }
}

import MaskStore
import Media
import SystemPackage

/// What a method is told of the video that it shall work on.
package struct MaskVideo: Sendable {
    /// The file.
    package let path: FilePath
    /// What is known about its pictures.
    package let stream: VideoStream
    /// Where the method may keep what it needs to go on.
    package let workspace: Workspace
    /// Tells one run from another: the same for the same video, method and settings only.
    package let identity: String
    /// How many frames, from the first on, have their masks from a run that was interrupted.
    package let doneCount: Int
    /// Is told how many frames have been worked on, where that is more than there are masks.
    package let note: @Sendable (_ done: Int) throws -> Void

    /// Puts it together.
    package init(
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

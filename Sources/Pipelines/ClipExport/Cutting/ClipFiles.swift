import SystemPackage

/// Where the files of one clip are written.
public struct ClipFiles: Sendable, Equatable {
    /// The film, or the folder of the pictures.
    public let main: FilePath
    /// The sound beside a folder of pictures; nil for a film.
    public let sound: FilePath?

    /// Names them.
    public init(main: FilePath, sound: FilePath?) {
        self.main = main
        self.sound = sound
    }
}

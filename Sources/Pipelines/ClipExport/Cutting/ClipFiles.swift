import SystemPackage

/// Where the files of one clip are written.
package struct ClipFiles: Sendable, Equatable {
    /// The film, or the folder of the pictures.
    package let main: FilePath
    /// The sound beside a folder of pictures; nil for a film.
    package let audio: FilePath?

    /// Names them.
    package init(main: FilePath, audio: FilePath?) {
        self.main = main
        self.audio = audio
    }
}
